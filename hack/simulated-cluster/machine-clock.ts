// The clock of the machine, by which the cluster's own time runs.

/** A clock that goes on; whoever passes one decides when. */
export interface MachineClock {
  /** Milliseconds from any beginning. Never goes back. */
  now(): number;
  /** Calls back once after that many ms. Returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The real one. A wait that is too long for a timer of Node ends early, when the caller waits again. */
export const MACHINE_CLOCK: MachineClock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timeout = setTimeout(callback, Math.min(delayMs, LONGEST_TIMEOUT_MS));
    return () => clearTimeout(timeout);
  },
};
