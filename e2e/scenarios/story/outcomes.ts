// What a scenario may say must come of it: judged where the operator runs, awaited where somebody only looks on.
import type { CauseClass } from "../../../src/api/causes.ts";
import type { BrakeReason, FindingReason } from "../../../src/api/reasons.ts";
import type { RolloutGuardStatus } from "../../../src/api/rollout-guard.ts";
import type { ForeignChange } from "./foreign-changes.ts";

export interface Rollback {
  readonly reason: FindingReason;
  /** The class of the cause; several where clusters say different things. */
  readonly class: CauseClass | readonly CauseClass[];
  /** What the sentence that tells the cause must name. */
  readonly cause: string | RegExp;
  /** What the lines that tell the rollout's changes must name. */
  readonly changes?: RegExp;
  readonly from?: string;
  /** The version that it goes back to. */
  readonly to?: string;
  readonly replicas?: number;
  readonly name?: string;
}

/** Each resolves when it is so; `name` is the Deployment, by default the shop. */
export interface Outcomes {
  /** The application runs, and its guard has seen it complete. */
  takenUp(name?: string): Promise<unknown>;
  /** The rollout was undone, and service is back. */
  rolledBack(wanted: Rollback): Promise<unknown>;
  /** An Incident says so and is held by that brake, and nothing was changed. */
  held(brake: BrakeReason, reason: FindingReason): Promise<unknown>;
  /** What was shipped last runs; it ended the only Incident, and nobody else changed anything. */
  superseded(): Promise<unknown>;
  /** What the scenario asked for last runs, was never touched, and no Incident was opened; watched for long enough. */
  leftAlone(): Promise<unknown>;
  /** No Incident was opened and nobody else changed anything, although not all pods are available by design. */
  untouched(): Promise<unknown>;
  /** The guard is in that phase now. */
  guardIs(phase: RolloutGuardStatus["phase"]): void;
  /** Changes of the Deployment that were not the scenario's own. */
  foreign(name: string): readonly ForeignChange[];
  /** What the guard says, in a line for messages. */
  tell(name: string): string;
}
