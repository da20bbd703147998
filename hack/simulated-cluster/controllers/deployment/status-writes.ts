// Writes what a pass of the Deployment controller found out into the Deployment's status.
import type { Condition, Deployment, DeploymentStatus } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import {
  type Change,
  computeStatus,
  conditionOf,
  hasDeadline,
  withCondition,
  withProgress,
  withReplicaFailure,
} from "./deployment-status.ts";
import type { ViewOf } from "./deployment-view.ts";
import { REVISION } from "./revisions.ts";

export type StatusWrites = ReturnType<typeof createStatusWrites>;

/** Makes the functions that write a Deployment's status. */
export function createStatusWrites({ objects, time }: ClusterParts, viewOf: ViewOf) {
  /** Shows the revision, and a step of the rollout, on the Deployment. */
  function announce(
    deployment: Deployment,
    revision: string,
    progress: Pick<Condition, "status" | "reason" | "message"> | undefined,
  ): void {
    const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
    const before = deployment.status.conditions ?? [];
    const conditions =
      progress === undefined
        ? before
        : withCondition(before, { type: "Progressing", ...progress }, time.timestamp());
    objects.updateStatus("deployments", {
      ...deployment,
      metadata: { ...deployment.metadata, annotations },
      status: { ...deployment.status, ...(conditions.length > 0 && { conditions }) },
    });
  }

  /** Writes counts and conditions anew. */
  function updateStatus(given: Deployment): void {
    const { deployment, newSet, all } = viewOf(given);
    const now = { at: time.now(), timestamp: time.timestamp() };
    const counted = computeStatus(deployment, newSet, all, now.timestamp);
    const status = withProgress(deployment, newSet, counted, now);
    writeStatus(deployment, withReplicaFailure(status, newSet, all));
  }

  /** Writes counts and availability only: what it says of the rollout stays, as while paused or scaling. */
  function updateCounts(given: Deployment): void {
    const { deployment, newSet, all } = viewOf(given);
    writeStatus(deployment, computeStatus(deployment, newSet, all, time.timestamp()));
  }

  /** Writes the status, if the API does not show it already. */
  function writeStatus(deployment: Deployment, status: DeploymentStatus): void {
    if (!isSameJson(status, deployment.status))
      objects.updateStatus("deployments", { ...deployment, status });
  }

  function setCondition(deployment: Deployment, change: Change): Deployment {
    const conditions = withCondition(deployment.status.conditions ?? [], change, time.timestamp());
    return objects.updateStatus("deployments", {
      ...deployment,
      status: { ...deployment.status, conditions },
    });
  }

  /** Shows that the Deployment was paused or resumed; returns the Deployment that says so. */
  function showPause(deployment: Deployment): Deployment {
    const current = conditionOf(deployment.status, "Progressing");
    if (!hasDeadline(deployment) || current?.reason === "ProgressDeadlineExceeded") return deployment;
    const isShown = current?.reason === "DeploymentPaused";
    const isPaused = deployment.spec.paused === true;
    if (isShown === isPaused) return deployment;
    const change = isPaused
      ? { reason: "DeploymentPaused", message: "Deployment is paused" }
      : { reason: "DeploymentResumed", message: "Deployment is resumed" };
    return setCondition(deployment, { type: "Progressing", status: "Unknown", ...change });
  }

  return { announce, updateStatus, updateCounts, writeStatus, setCondition, showPause };
}
