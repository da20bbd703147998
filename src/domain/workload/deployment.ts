// Deployments: what their status and ReplicaSets say of a rollout. Pure.
import type { ConditionView } from "../snapshot/condition.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { isObserved } from "./observed.ts";
import type { PodRefusal, Stall, WorkloadRules } from "./workload-rules.ts";

export const deploymentRules: WorkloadRules = {
  currentRevision,
  isFullyAvailable,
  completedAt,
  stall,
  refusedRevision,
  refusedPods,
  isUnavailable,
  withoutSurge,
};

/** The ReplicaSet with the Deployment's template: the oldest with an equal one, as the Deployment controller chooses it. */
function currentRevision(
  { templateKey }: WorkloadView,
  revisions: readonly RevisionView[],
): RevisionView | undefined {
  return revisions
    .filter((revision) => revision.templateKey === templateKey && !revision.isDeleting)
    .sort((a, b) => a.createdAt - b.createdAt || (a.source.name < b.source.name ? -1 : 1))[0];
}

/** As `kubectl rollout status` and the Deployment controller define it: all pods updated, none old, all available. */
function isFullyAvailable(deployment: WorkloadView): boolean {
  const { desiredReplicas } = deployment;
  return (
    isObserved(deployment) &&
    deployment.updatedReplicas === desiredReplicas &&
    deployment.replicas === desiredReplicas &&
    deployment.availableReplicas === desiredReplicas
  );
}

function completedAt(deployment: WorkloadView): number | undefined {
  const progressing = conditionOf(deployment, "Progressing");
  const isComplete = isObserved(deployment) && progressing?.reason === "NewReplicaSetAvailable";
  return isComplete ? progressing.updatedAt : undefined;
}

function stall(deployment: WorkloadView): Stall | undefined {
  const progressing = conditionOf(deployment, "Progressing");
  if (progressing?.status !== "False" || progressing.reason !== "ProgressDeadlineExceeded") return undefined;
  if (!isObserved(deployment)) return undefined;
  return {
    sinceAt: progressing.updatedAt,
    evidence: `Deployment ${deployment.name}: Progressing is False: ${progressing.message}`,
  };
}

function refusedRevision({ conditions }: WorkloadView): string | undefined {
  return conditions.find(({ reason }) => reason === "ReplicaSetCreateError")?.message;
}

function refusedPods({ uid }: WorkloadView, { source, conditions }: RevisionView): PodRefusal | undefined {
  const failure = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  if (failure?.reason !== "FailedCreate") return undefined;
  return {
    sinceAt: failure.transitionAt,
    message: failure.message,
    evidence: `ReplicaSet ${source.name}: ReplicaFailure, ${failure.reason}: ${failure.message}`,
    events: [
      { uid: source.uid, reason: "FailedCreate" },
      { uid, reason: "ReplicaSetCreateError" },
    ],
  };
}

/** Less than maxUnavailable allows. */
function isUnavailable(deployment: WorkloadView): boolean {
  return conditionOf(deployment, "Available")?.status === "False";
}

function withoutSurge({ strategy }: WorkloadView): object | undefined {
  return strategy === "RollingUpdate"
    ? { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }
    : undefined;
}

function conditionOf({ conditions }: WorkloadView, type: string): ConditionView | undefined {
  return conditions.find((condition) => condition.type === type);
}
