// Whether a workload is in no rollout, and how it is: what it shows then is its surroundings' doing, not a release's.
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import { rulesOf } from "../../domain/workload/rules-by-kind.ts";
import type { SettledHealth } from "../../domain/workload/workload-rules.ts";

/** Of a workload without a guard nobody knows whether a release works before it has run for so long. */
const SETTLED_AFTER_MS = 60_000;

/**
 * The health of a settled workload; undefined for one that is in a rollout, was rolled out a short while before it became
 * unavailable, or has no pods. `guards` are the statuses of its guards.
 */
export function settledHealth(
  workload: WorkloadView,
  guards: readonly RolloutGuardStatus[],
): SettledHealth | undefined {
  const health = rulesOf(workload).settledHealth(workload);
  if (health === undefined) return undefined;
  const { isAvailable, changedAt, completedAt } = health;
  const isSettled =
    guards.length > 0
      ? guards.some(({ phase, current }) => phase === "Healthy" || current?.provenAt !== undefined)
      : isAvailable || changedAt - completedAt > SETTLED_AFTER_MS;
  return isSettled ? health : undefined;
}
