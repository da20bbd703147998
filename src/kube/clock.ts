// Time as a dependency: everything that waits or asks for the time takes a Clock, so tests and simulations can own it.

/** A source of time and timers. */
export interface Clock {
  /** Epoch milliseconds of the cluster's clock. */
  now(): number;
  /** Calls `callback` once after `delayMs` of this clock. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
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
