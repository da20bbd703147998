// A pause of a suspicious rollout that is of no use any more, whatever the checks say: another template, another guard, a person who
// resumed it. Pure.
import type { FreezeRecord } from "../../api/rollout-guard.ts";
import { type PauseOrResume, pauseChange } from "../effects/change.ts";
import { duringManualRollback } from "../incidents/by-hand.ts";
import { isJudged } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { freezeOfRollout, mayFreeze } from "./freeze.ts";

export interface Thaw {
  /** Ends the pause, or takes away what is left of it. */
  readonly change: PauseOrResume;
  /** The record to write before the change, if the rollout continues and the guard does not have it yet. */
  readonly record?: FreezeRecord | undefined;
}

/**
 * Whether RolloutGuard's own pause has to end before anything is judged. A new template does not roll out under it, so the fix can
 * always ship. Only an operator that must not change anything leaves it, and a person who is rolling back at this moment.
 * @param rollout undefined while the workload's template has no revision, and where there is no guard
 */
export function thawOf(snapshot: Snapshot, rollout: Rollout | undefined): Thaw | undefined {
  const { workload, surroundings, guard } = snapshot;
  if (workload?.frozenRevision === undefined || workload.isDeleting) return undefined;
  if (surroundings.observeOnly || guard.olderGuard !== undefined) return undefined;
  const change = pauseChange("resumeRollout", workload, { revision: workload.frozenRevision });
  if (rollout === undefined || rollout.revision.hash !== workload.frozenRevision) return { change };
  const record = freezeOfRollout(rollout);
  if (!workload.isPaused) {
    return { change, record: noting(record, "ResumedByUser") };
  }
  if (duringManualRollback(rollout) || (mayFreeze(rollout) && isJudged(rollout))) return undefined;
  return { change, record: noting(record, "Resumed") };
}

function noting(record: FreezeRecord | undefined, state: FreezeRecord["state"]): FreezeRecord | undefined {
  return record && record.state !== state ? { ...record, state } : undefined;
}
