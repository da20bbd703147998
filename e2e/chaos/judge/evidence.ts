// What a run of the attack leaves behind for its judge.
import type { Entry, OperatorWrite } from "../chronicle.ts";
import type { Interval } from "../intervals.ts";

/** What is known of a run when it is over. */
export interface Evidence {
  readonly entries: ReadonlyMap<string, readonly Entry[]>;
  readonly writes: readonly OperatorWrite[];
  readonly faults: readonly string[];
  /** When no operator ran. */
  readonly unattended: readonly Interval[];
  /** When an operator ended. */
  readonly ends: readonly number[];
  readonly startAt: number;
}
