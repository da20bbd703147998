// Whether a workload is in no rollout, and how it is: what it shows then is its surroundings' doing, not a release's.
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import type { SettledHealth } from "./settled-workloads.ts";

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
  const available = workload.conditions.find(({ type }) => type === "Available");
  const progressing = workload.conditions.find(({ type }) => type === "Progressing");
  const { generation, observedGeneration, desiredReplicas, replicas, updatedReplicas } = workload;
  if (available === undefined || desiredReplicas === 0 || observedGeneration < generation) return undefined;
  const isComplete =
    progressing?.reason === "NewReplicaSetAvailable" &&
    updatedReplicas === desiredReplicas &&
    replicas === desiredReplicas;
  if (!isComplete) return undefined;
  const changedAt = available.transitionAt;
  const isSettled =
    guards.length > 0
      ? guards.some(({ phase, current }) => phase === "Healthy" || current?.provenAt !== undefined)
      : available.status === "True" || changedAt - progressing.updatedAt > SETTLED_AFTER_MS;
  return isSettled ? { isAvailable: available.status === "True", changedAt } : undefined;
}
