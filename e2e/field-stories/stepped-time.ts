// The time of a cluster that stands still until a story lets it pass: twenty minutes cost less than a second, and no result
// depends on how fast the machine is.
import { setImmediate as turn } from "node:timers/promises";
import type { MachineClock } from "@rolloutguard/simulated-cluster";

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

export class SteppedTime implements MachineClock {
  #now = 0;
  #alarm: Alarm | undefined;

  now(): number {
    return this.#now;
  }

  /** The cluster waits for one alarm at a time. */
  after(delayMs: number, callback: () => void): () => void {
    const alarm = { at: this.#now + delayMs, callback };
    this.#alarm = alarm;
    return () => {
      if (this.#alarm === alarm) this.#alarm = undefined;
    };
  }

  /** Lets so much time pass, with everything that happens in it. */
  async pass(ms: number): Promise<void> {
    const untilAt = this.#now + ms;
    for (;;) {
      const alarm = await this.#nextAlarm();
      if (alarm === undefined || alarm.at > untilAt) break;
      this.#now = Math.max(this.#now, alarm.at);
      this.#alarm = undefined;
      alarm.callback();
    }
    this.#now = untilAt;
    await this.#nextAlarm();
  }

  /** What the cluster waits for when all that is due has been done; undefined when it waits for nothing. */
  async #nextAlarm(): Promise<Alarm | undefined> {
    for (let turns = 0; turns < MOST_TURNS; turns += 1) {
      await turn();
      if (this.#alarm !== undefined) return this.#alarm;
    }
    return undefined;
  }
}

/** Turns of the event loop in which a cluster with anything to do sets its next alarm. */
const MOST_TURNS = 1_000;
