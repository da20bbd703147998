// What a run of the attack leaves behind for its judge.
import type { Entry, Lifetime, OperatorWrite, Sample } from "../chronicle.ts";

/** What is known of a run when it is over. */
export interface Evidence {
  readonly entries: ReadonlyMap<string, readonly Entry[]>;
  readonly writes: readonly OperatorWrite[];
  readonly faults: readonly string[];
  readonly lifetimes: readonly Lifetime[];
  /** What the operators counted, from time to time. */
  readonly samples: readonly Sample[];
  readonly startAt: number;
}
