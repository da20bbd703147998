// Time as a dependency: everything that waits or asks for the time takes a Clock, so tests and simulations can own it.

/** A source of time and timers. */
export interface Clock {
  /** Epoch milliseconds of the cluster's clock. */
  now(): number;
  /** Calls `callback` once after `delayMs` of this clock. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** How long ago something was, in milliseconds of the cluster's clock, as far as the machine can know. */
export interface Elapsed {
  /** By the clock that nobody sets: at least so long. A machine that sleeps may not count the time. */
  readonly atLeastMs: number;
  /** By whichever of the machine's clocks says more. */
  readonly atMostMs: number;
}

/** Tells how long ago it was made. */
export type Stopwatch = () => Elapsed;

/** Measures how long ago things were, whatever the API server says the time is. */
export interface StopwatchMaker {
  stopwatch(): Stopwatch;
}

/** Tells how much of the processor was used. */
export interface ProcessorClock {
  /** Processor time that this thread has used, in ms of the clock; only differences mean something. */
  processorMs(): number;
}

/** Resolves after `delayMs` of the clock; earlier when the signal aborts. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
