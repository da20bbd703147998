// RolloutGuard has paused the rollout because it is suspicious. Pure.
import type { WorkloadView } from "../snapshot/workload.ts";

/** Whether the workload is paused by RolloutGuard for the rollout of this revision, and not by a person. */
export function isFrozen(
  { isPaused, frozenRevision }: Pick<WorkloadView, "isPaused" | "frozenRevision">,
  { hash }: { readonly hash: string },
): boolean {
  return isPaused && frozenRevision === hash;
}
