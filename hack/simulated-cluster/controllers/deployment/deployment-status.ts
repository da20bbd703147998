// The status of a Deployment: counts, and the conditions in the words and the order of the real controller. Pure.
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from "../../api-server/kinds.ts";
import { availableReplicas, rollingLimits, specReplicas } from "./replica-counts.ts";

/** A condition but for its times. */
export type Change = Pick<Condition, "type" | "status" | "reason" | "message">;

/** Deadlines at or above this are none (the maximum of an int32). */
const NO_DEADLINE = 2_147_483_647;

export function conditionOf(status: DeploymentStatus, type: string): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== NO_DEADLINE;
}

/** Sets a condition; one that changes goes to the end of the list, one that does not stays as it is. */
export function withCondition(
  conditions: readonly Condition[],
  change: Change,
  now: string,
): readonly Condition[] {
  const current = conditions.find(({ type }) => type === change.type);
  if (current?.status === change.status && current.reason === change.reason) return conditions;
  const isSameStatus = current?.status === change.status;
  const { type, status, reason, message } = change;
  const lastTransitionTime = isSameStatus ? current?.lastTransitionTime : now;
  const rest = conditions.filter((condition) => condition.type !== type);
  return [...rest, { type, status, lastUpdateTime: now, lastTransitionTime, reason, message }];
}

function sum(
  sets: readonly ReplicaSet[],
  field: "replicas" | "readyReplicas" | "terminatingReplicas",
): number {
  return sets.reduce((total, { status }) => total + (status[field] ?? 0), 0);
}

/** Counts and availability from the ReplicaSets' status. */
export function computeStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
  now: string,
): DeploymentStatus {
  const available = availableReplicas(sets);
  const minAvailable = deployment.spec.replicas - rollingLimits(deployment).maxUnavailable;
  const isAvailable = available >= minAvailable;
  const conditions = withCondition(
    deployment.status.conditions ?? [],
    isAvailable
      ? {
          type: "Available",
          status: "True",
          reason: "MinimumReplicasAvailable",
          message: "Deployment has minimum availability.",
        }
      : {
          type: "Available",
          status: "False",
          reason: "MinimumReplicasUnavailable",
          message: "Deployment does not have minimum availability.",
        },
    now,
  );
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: sum(sets, "replicas") || undefined,
    updatedReplicas: newSet?.status.replicas || undefined,
    readyReplicas: sum(sets, "readyReplicas") || undefined,
    availableReplicas: available || undefined,
    unavailableReplicas: Math.max(0, specReplicas(sets) - available) || undefined,
    terminatingReplicas: sum(sets, "terminatingReplicas"),
    collisionCount: deployment.status.collisionCount,
    conditions,
  };
}

/** Whether every replica is updated and available, and nothing else is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const { replicas } = deployment.spec;
  const { updatedReplicas = 0, replicas: running = 0, availableReplicas: available = 0 } = status;
  const isObserved = (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
  return isObserved && updatedReplicas === replicas && running === replicas && available === replicas;
}

function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  const grows = (field: "updatedReplicas" | "readyReplicas" | "availableReplicas") =>
    (after[field] ?? 0) > (before[field] ?? 0);
  return (
    grows("updatedReplicas") ||
    old(after) < old(before) ||
    grows("readyReplicas") ||
    grows("availableReplicas")
  );
}

/** When the progress deadline of a rollout that does not move ends; undefined when it has none. */
export function deadlineAt(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const progressing = conditionOf(status, "Progressing");
  if (!hasDeadline(deployment) || progressing === undefined || deployment.spec.paused) return undefined;
  if (progressing.reason === "NewReplicaSetAvailable" || progressing.reason === "ProgressDeadlineExceeded") {
    return undefined;
  }
  return Date.parse(progressing.lastUpdateTime ?? "") + deployment.spec.progressDeadlineSeconds * 1_000;
}

/** The status with what it says of the rollout's progress. */
export function withProgress(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  status: DeploymentStatus,
  now: { readonly at: number; readonly timestamp: string },
): DeploymentStatus {
  const current = conditionOf(status, "Progressing");
  if (!hasDeadline(deployment)) return withoutCondition(status, "Progressing");
  const wasComplete =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (wasComplete) return status;
  const subject =
    newSet === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${newSet.metadata.name}"`;
  const set = (change: Omit<Change, "type">, conditions = status.conditions ?? []): DeploymentStatus => ({
    ...status,
    conditions: withCondition(conditions, { type: "Progressing", ...change }, now.timestamp),
  });
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return set({ status: "True", reason: "NewReplicaSetAvailable", message });
  }
  if (isProgressing(deployment.status, status)) {
    const change = {
      status: "True",
      reason: "ReplicaSetUpdated",
      message: `${subject} is progressing.`,
    } as const;
    const rest = (status.conditions ?? []).filter(({ type }) => type !== "Progressing");
    const lastTransitionTime = current?.status === "True" ? current.lastTransitionTime : now.timestamp;
    const updated = { type: "Progressing", ...change, lastUpdateTime: now.timestamp, lastTransitionTime };
    return {
      ...status,
      conditions: [...rest, orderedCondition(updated)],
    };
  }
  const deadline = deadlineAt(deployment, status);
  if (deadline !== undefined && now.at > deadline) {
    const message = `${subject} has timed out progressing.`;
    return set({ status: "False", reason: "ProgressDeadlineExceeded", message });
  }
  return status;
}

function orderedCondition({
  type,
  status,
  lastUpdateTime,
  lastTransitionTime,
  reason,
  message,
}: Condition): Condition {
  return { type, status, lastUpdateTime, lastTransitionTime, reason, message };
}

function withoutCondition(status: DeploymentStatus, type: string): DeploymentStatus {
  if (conditionOf(status, type) === undefined) return status;
  return { ...status, conditions: (status.conditions ?? []).filter((each) => each.type !== type) };
}

/** Takes over the failure that the newest failing ReplicaSet reports, with its time, or clears it. */
export function withReplicaFailure(
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
): DeploymentStatus {
  const failureOf = (set: ReplicaSet | undefined) =>
    set?.status.conditions?.find(({ type }) => type === "ReplicaFailure");
  const failure = failureOf(newSet) ?? sets.map(failureOf).find((found) => found !== undefined);
  if (failure === undefined) return withoutCondition(status, "ReplicaFailure");
  const { type, status: value, reason, message, lastTransitionTime = "" } = failure;
  const change = { type, status: value, reason, message };
  return { ...status, conditions: withCondition(status.conditions ?? [], change, lastTransitionTime) };
}
