// Deployments: what their status and ReplicaSets say of a rollout. Pure.
import type { ConditionView } from "../snapshot/condition.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { isObserved } from "./observed.ts";
import type { PodRefusal, SettledHealth, Stall, WorkloadRules } from "./workload-rules.ts";

export const deploymentRules: WorkloadRules = {
  currentRevision,
  isAvailable,
  completedAt,
  stall,
  refusedRevision,
  refusedPods,
  progressedAt,
  unavailableSince,
  settledHealth,
  withoutSurge,
};

/**
 * The ReplicaSet with the Deployment's template: the oldest with an equal one, as the Deployment controller chooses it. Where
 * none is equal, the one that the controller has numbered as the Deployment's: while a control plane is upgraded, API servers
 * of two versions fill different defaults into what they are asked for.
 */
function currentRevision(
  workload: WorkloadView,
  revisions: readonly RevisionView[],
): RevisionView | undefined {
  const present = revisions.filter(({ isDeleting }) => !isDeleting);
  const [oldest] = present
    .filter(({ templateKey }) => templateKey === workload.templateKey)
    .sort((a, b) => a.createdAt - b.createdAt || (a.source.name < b.source.name ? -1 : 1));
  if (oldest || !hasItsRevision(workload)) return oldest;
  const numbered = present.filter(({ revision }) => revision > 0 && revision === workload.revision);
  return numbered.length === 1 ? numbered[0] : undefined;
}

/**
 * Whether the controller has made or found a ReplicaSet for the present template. A paused Deployment gets none, and one that was
 * scaled in the same change gets it only after the controller has observed the change.
 */
function hasItsRevision(workload: WorkloadView): boolean {
  return isObserved(workload) && workload.updatedReplicas > 0;
}

/** As `kubectl rollout status` and the Deployment controller define it: all pods updated, none old, all available. */
function isAvailable(deployment: WorkloadView, share: number): boolean {
  const { desiredReplicas, availableReplicas } = deployment;
  return (
    isObserved(deployment) &&
    areAllUpdated(deployment) &&
    availableReplicas >= Math.floor(desiredReplicas * share) &&
    (availableReplicas > 0 || desiredReplicas === 0)
  );
}

function areAllUpdated({ desiredReplicas, updatedReplicas, replicas }: WorkloadView): boolean {
  return updatedReplicas === desiredReplicas && replicas === desiredReplicas;
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

function progressedAt(deployment: WorkloadView): number | undefined {
  const progressing = conditionOf(deployment, "Progressing");
  return progressing?.status === "True" ? progressing.updatedAt : undefined;
}

function unavailableSince(deployment: WorkloadView): number | undefined {
  const available = conditionOf(deployment, "Available");
  return available?.status === "False" ? available.transitionAt : undefined;
}

/** Its condition Available: False where fewer pods are available than maxUnavailable allows. */
function settledHealth(deployment: WorkloadView): SettledHealth | undefined {
  const available = conditionOf(deployment, "Available");
  const completed = completedAt(deployment);
  if (available === undefined || completed === undefined) return undefined;
  if (deployment.desiredReplicas === 0 || !areAllUpdated(deployment)) return undefined;
  return {
    isAvailable: available.status === "True",
    changedAt: available.transitionAt,
    completedAt: completed,
  };
}

function withoutSurge({ strategy }: WorkloadView): object | undefined {
  return strategy === "RollingUpdate"
    ? { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }
    : undefined;
}

function conditionOf({ conditions }: WorkloadView, type: string): ConditionView | undefined {
  return conditions.find((condition) => condition.type === type);
}
