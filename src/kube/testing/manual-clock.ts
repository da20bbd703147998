// A clock for tests: time moves only when the test says so.
import type { Clock, ProcessorClock, Stopwatch, StopwatchMaker } from "../clock.ts";

export class ManualClock implements Clock, ProcessorClock, StopwatchMaker {
  #now: number;
  #usedMs = 0;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  processorMs(): number {
    return this.#usedMs;
  }

  /** The processor works for so long; time does not pass by that. */
  use(ms: number): void {
    this.#usedMs += ms;
  }

  stopwatch(): Stopwatch {
    const startedAt = this.#now;
    return () => ({ atLeastMs: this.#now - startedAt, atMostMs: this.#now - startedAt });
  }

  /** Time passes and no timer is called: the process does not run. */
  freeze(ms: number): void {
    this.#now += ms;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass and calls what becomes due on the way, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }
}
