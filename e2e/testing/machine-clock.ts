// The clocks of the machine on which a test's operator runs: they can be set, and the machine can sleep.
import type { LocalTime } from "../../src/kube/cluster-clock.ts";

/** All steps in ms of the cluster. */
export interface MachineClock extends LocalTime {
  /** Somebody, or NTP, sets the wall clock. */
  stepWall(ms: number): void;
  /** The monotonic clock jumps ahead, as after a live migration or in a clock that counts while the machine sleeps. */
  jumpAhead(ms: number): void;
  /** The machine slept, and its monotonic clock with it, as Linux's does: it missed so much. The wall clock did not. */
  sleepThrough(ms: number): void;
}

/** `timeScale` is how much faster than real time the cluster runs. */
export function createMachineClock(timeScale: number): MachineClock {
  let wallStepMs = 0;
  let monotonicStepMs = 0;
  return {
    wallMs: () => Date.now() + wallStepMs,
    monotonicMs: () => performance.now() + monotonicStepMs,
    stepWall(ms) {
      wallStepMs += ms / timeScale;
    },
    jumpAhead(ms) {
      monotonicStepMs += ms / timeScale;
    },
    sleepThrough(ms) {
      monotonicStepMs -= ms / timeScale;
    },
  };
}
