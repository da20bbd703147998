// The cluster's clock: as fast as the options say, and the only source of time and timers in the simulated cluster.
import { MACHINE_CLOCK, type MachineClock } from "./machine-clock.ts";
import { TimerHeap } from "./timer-heap.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  /** Undefined once cancelled: what it would have called need not be kept until then. */
  callback: (() => void) | undefined;
}

/** How long timers may run before the process gets to look at its sockets again (real ms). */
const SLICE_MS = 8;

/**
 * Time that runs `timeScale` times as fast as the machine's clock, but never past a timer that has not fired yet.
 * Timers fire in the order of their due times, and inside a timer `now()` is its due time: a busy machine
 * delays the whole simulation, and does not stretch the intervals inside it. `now()` never goes back.
 */
export class SimulatedTime {
  readonly #timeScale: number;
  readonly #startAt: number;
  readonly #clock: MachineClock;
  readonly #clockStart: number;
  readonly #timers = new TimerHeap<Timer>();
  #orders = 0;
  #latest: number;
  #timestamp = { second: Number.NaN, text: "" };
  #firingAt: number | undefined;
  #cancelWakeUp = (): void => {};
  #mustYield = false;
  #isStopped = false;

  constructor(options: {
    readonly timeScale: number;
    readonly startAt: number;
    readonly clock?: MachineClock | undefined;
  }) {
    this.#clock = options.clock ?? MACHINE_CLOCK;
    this.#clockStart = this.#clock.now();
    this.#timeScale = options.timeScale;
    this.#startAt = options.startAt;
    this.#latest = options.startAt;
  }

  /** Epoch ms of the cluster, not rounded. */
  now(): number {
    const nextAt = this.#timers.first?.at ?? Number.POSITIVE_INFINITY;
    const current = this.#firingAt ?? Math.min(this.#realNow(), nextAt);
    this.#latest = Math.max(this.#latest, current);
    return this.#latest;
  }

  /** The time as Kubernetes writes it in most places, to the second. */
  timestamp(at: number = this.now()): string {
    const second = Math.floor(at / 1_000);
    // Everything that happens in one second shares one text: a cluster of many pods holds a great many of them.
    if (second !== this.#timestamp.second) {
      this.#timestamp = { second, text: new Date(second * 1_000).toISOString().replace(".000Z", "Z") };
    }
    return this.#timestamp.text;
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.at(this.now() + Math.max(0, delayMs), callback);
  }

  /** Calls back at that time (epoch ms), or as soon as possible when it is over. Returns what cancels it. */
  at(at: number, callback: () => void): () => void {
    const timer: Timer = { at: Math.max(at, this.now()), order: this.#orders++, callback };
    if (!this.#isStopped) {
      this.#timers.push(timer);
      if (this.#timers.first === timer && this.#firingAt === undefined) this.#arm();
    }
    return () => {
      timer.callback = undefined;
    };
  }

  /**
   * Called inside a timer: before the next one fires, and with the time standing still, the promises that this
   * timer resolved are continued.
   */
  letOthersRun(): void {
    this.#mustYield = true;
  }

  /** No timer fires any more. */
  stop(): void {
    this.#isStopped = true;
    this.#timers.clear();
    this.#cancelWakeUp();
  }

  #realNow(): number {
    return this.#startAt + (this.#clock.now() - this.#clockStart) * this.#timeScale;
  }

  #arm(): void {
    this.#cancelWakeUp();
    const next = this.#timers.first;
    if (this.#isStopped || (next === undefined && !this.#mustYield)) return;
    const delayMs = next === undefined ? 0 : (next.at - this.#realNow()) / this.#timeScale;
    if (delayMs <= 0 || this.#mustYield) {
      const immediate = setImmediate(() => this.#fire());
      this.#cancelWakeUp = () => clearImmediate(immediate);
    } else {
      this.#cancelWakeUp = this.#clock.after(delayMs, () => this.#fire());
    }
  }

  #fire(): void {
    const sliceEndsAt = performance.now() + SLICE_MS;
    this.#mustYield = false;
    this.#firingAt = undefined;
    try {
      for (let next = this.#timers.first; next !== undefined; next = this.#timers.first) {
        if (this.#mustYield || next.at > this.#realNow() || performance.now() > sliceEndsAt) break;
        this.#timers.pop();
        const { callback } = next;
        if (callback === undefined) continue;
        this.#firingAt = next.at;
        callback();
      }
    } finally {
      if (!this.#mustYield) this.#firingAt = undefined;
      this.#arm();
    }
  }
}
