// The cluster's clock as this process knows it. The only file of src that reads a clock or sets a timer of the machine.
import type { Clock, ProcessorClock, Stopwatch, StopwatchMaker } from "./clock.ts";

/** How far ahead of the API server's clock is tolerated before this one is set back. */
const LONGEST_LEAD_MS = 5_000;
/** What Node's timers can hold, 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A Date header names a whole second: the true time is up to this much later. */
const DATE_GRANULARITY_MS = 1_000;

/** The machine's clocks. */
export interface LocalTime {
  /** Milliseconds that only ever grow, whatever happens to the machine's wall clock. */
  monotonicMs(): number;
  wallMs(): number;
  /** Processor time of this thread. A simulation, whose seconds are no seconds of the processor, has none. */
  processorMs?(): number;
}

const MACHINE: LocalTime = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  processorMs: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  },
};

/**
 * Tells the time of the API server, learnt from the Date header of its answers: instants in status come from
 * that clock, so durations since then must be measured with it. Between two answers it runs on the machine's
 * monotonic clock, so steps of the machine's wall clock do not move it.
 *
 * `rate` is how much faster than real time the cluster's time runs: 1 for a real cluster, more for a simulated one.
 */
export class ClusterClock implements Clock, ProcessorClock, StopwatchMaker {
  readonly rate: number;
  readonly #local: LocalTime;
  /** Cluster time minus the monotonic clock times `rate`. */
  #offsetMs: number;
  #hasLearnt = false;

  constructor(options: { readonly rate?: number | undefined; readonly local?: LocalTime | undefined } = {}) {
    this.rate = options.rate ?? 1;
    this.#local = options.local ?? MACHINE;
    if (!(this.rate > 0) || !Number.isFinite(this.rate)) {
      throw new RangeError(`the rate of the clock must be a number above 0, not ${this.rate}`);
    }
    this.#offsetMs = this.#local.wallMs() - this.#elapsedMs();
  }

  now(): number {
    return Math.round(this.#offsetMs + this.#elapsedMs());
  }

  /** Timers keep the process alive. A delay that no timer can hold (24.8 days) is cut to what it can. */
  after(delayMs: number, callback: () => void): () => void {
    const realMs = Math.min(Math.max(0, delayMs / this.rate), LONGEST_TIMER_MS);
    const timer = setTimeout(callback, realMs);
    return () => clearTimeout(timer);
  }

  processorMs(): number {
    return (this.#local.processorMs?.() ?? 0) * this.rate;
  }

  /** What the API server says does not move it. */
  stopwatch(): Stopwatch {
    const monotonicMs = this.#local.monotonicMs();
    const wallMs = this.#local.wallMs();
    return () => {
      const atLeastMs = (this.#local.monotonicMs() - monotonicMs) * this.rate;
      return { atLeastMs, atMostMs: Math.max(atLeastMs, (this.#local.wallMs() - wallMs) * this.rate) };
    };
  }

  /**
   * Learns from the Date header of an answer that has just arrived; `sentAt` is what this clock said when the
   * request was sent. The header proves two things, however slow the answer was: it is not earlier than the
   * header now, and it was not later than the header plus a second then. The first is followed at once. The
   * second only when this clock leads by more than 5 s: API servers behind one address may differ by a little.
   */
  learn(dateHeaderMs: number, sentAt: number = this.now()): void {
    if (!Number.isFinite(dateHeaderMs)) return;
    const behindMs = dateHeaderMs - this.now();
    const leadMs = sentAt - (dateHeaderMs + DATE_GRANULARITY_MS);
    if (!this.#hasLearnt || behindMs > 0) this.#offsetMs += behindMs;
    else if (leadMs > LONGEST_LEAD_MS) this.#offsetMs -= leadMs;
    this.#hasLearnt = true;
  }

  #elapsedMs(): number {
    return this.#local.monotonicMs() * this.rate;
  }
}
