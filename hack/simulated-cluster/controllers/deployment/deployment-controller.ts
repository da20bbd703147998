// The Deployment controller: brings the ReplicaSets to what the Deployment says, step by step, as Kubernetes' does.
import { ApiError } from "../../api-server/api-error.ts";
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from "../../api-server/kinds.ts";
import { controllerOf, controllerReference, isSameJson } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createEventRecorder } from "../event-recorder.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import { createDeadlines } from "./deadlines.ts";
import {
  computeStatus,
  conditionOf,
  deadlineAt,
  hasDeadline,
  isComplete,
  withCondition,
  withProgress,
  withReplicaFailure,
} from "./deployment-status.ts";
import {
  isScaling,
  newSetReplicas,
  olderFirst,
  oldSetReplicas,
  proportionalReplicas,
  sizeAnnotations,
} from "./replica-counts.ts";
import { findNewSet, newSetAnnotations, REVISION, revisionOf } from "./revisions.ts";
import { templateHash } from "./template-hash.ts";

/** Watches Deployments and what they own, until the cluster's time stops. */
export function startDeploymentController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "deployment-controller" });
  const queue = createKeyQueue(parts, reconcile);
  const deadlines = createDeadlines(time, (key) => queue.add(key));

  objects.subscribe("deployments", ({ object: { metadata } }) =>
    queue.add(keyFor(metadata.namespace, metadata.name)),
  );
  objects.subscribe("replicasets", ({ object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "Deployment") queue.add(keyFor(object.metadata.namespace, owner.name));
  });
  // With Recreate the next step waits for pods to be gone, which no ReplicaSet's spec shows.
  objects.subscribe("pods", ({ type, object }) => {
    const set = type === "DELETED" ? controllerOf(object) : undefined;
    const owner = set && objects.get("replicasets", object.metadata.namespace ?? "", set.name);
    const deployment = owner && controllerOf(owner);
    if (deployment) queue.add(keyFor(object.metadata.namespace, deployment.name));
  });

  function reconcile(key: string): void {
    const { namespace, name } = parseKey(key);
    let deployment = objects.get("deployments", namespace, name);
    if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return;
    deployment = withPauseCondition(deployment);
    const sets = ownedSets(deployment);
    if (deployment.spec.paused || isScaling(deployment, sets)) scaleOnly(deployment);
    else if (deployment.spec.strategy.type === "Recreate") recreate(deployment);
    else rollingUpdate(deployment);
    scheduleDeadline(key);
  }

  function ownedSets({ metadata: { uid } }: Deployment): ReplicaSet[] {
    return objects
      .ownedBy("replicasets", uid)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** Reads anew: a pass sees its own writes. */
  function look(deployment: Deployment): {
    deployment: Deployment;
    newSet: ReplicaSet | undefined;
    oldSets: ReplicaSet[];
    all: ReplicaSet[];
  } {
    const { namespace = "", name } = deployment.metadata;
    const current = objects.get("deployments", namespace, name) ?? deployment;
    const all = ownedSets(current).sort(olderFirst);
    const newSet = findNewSet(current, all);
    return { deployment: current, newSet, oldSets: all.filter((set) => set !== newSet), all };
  }

  function rollingUpdate(given: Deployment): void {
    if (!syncNewSet(given)) return;
    const { deployment, newSet, oldSets, all } = look(given);
    if (newSet === undefined) return;
    const { replicas } = deployment.spec;
    const wanted =
      newSet.spec.replicas > replicas ? replicas : newSetReplicas(deployment, all, newSet.spec.replicas);
    if (scale(deployment, newSet, wanted)) {
      updateStatus(deployment);
      return;
    }
    const sizes = oldSetReplicas(deployment, newSet, oldSets);
    const scaled = oldSets.map((set) => scale(deployment, set, sizes.get(set.metadata.uid) ?? 0));
    if (!scaled.includes(true) && isComplete(deployment, deployment.status)) cleanUp(deployment, oldSets);
    updateStatus(deployment);
  }

  function recreate(given: Deployment): void {
    const { deployment, newSet, oldSets } = look(given);
    const scaled = oldSets.map((set) => scale(deployment, set, 0));
    if (scaled.includes(true)) {
      updateStatus(deployment);
      return;
    }
    const hasOldPods = oldSets.some(({ metadata }) =>
      objects
        .ownedBy("pods", metadata.uid)
        .some(({ status }) => !["Failed", "Succeeded"].includes(status.phase ?? "")),
    );
    if (hasOldPods) {
      updateStatus(deployment);
      return;
    }
    if (!syncNewSet(deployment)) return;
    const created = newSet ?? look(deployment).newSet;
    if (created !== undefined) scale(deployment, created, deployment.spec.replicas);
    if (isComplete(deployment, deployment.status)) cleanUp(deployment, oldSets);
    updateStatus(deployment);
  }

  function scaleOnly(given: Deployment): void {
    const { deployment, newSet, all } = look(given);
    const { replicas } = deployment.spec;
    const active = all.filter(({ spec }) => spec.replicas > 0);
    const single = active.length <= 1 ? (active[0] ?? newSet ?? all.at(-1)) : undefined;
    const isSaturated = newSet?.spec.replicas === replicas && newSet.status.availableReplicas === replicas;
    if (single !== undefined) scale(deployment, single, replicas);
    else if (isSaturated) for (const set of active) if (set !== newSet) scale(deployment, set, 0);
    if (single === undefined && !isSaturated && deployment.spec.strategy.type === "RollingUpdate") {
      const sizes = proportionalReplicas(deployment, active);
      for (const set of active) scale(deployment, set, sizes.get(set.metadata.uid) ?? set.spec.replicas);
    }
    updateStatus(deployment, false);
  }

  /** Makes or renumbers the ReplicaSet of the template. False when the pass ends here. */
  function syncNewSet(given: Deployment): boolean {
    const { deployment, newSet, oldSets, all } = look(given);
    const revision = Math.max(0, ...oldSets.map(revisionOf)) + 1;
    if (newSet === undefined) return createNewSet(deployment, all, revision);
    const annotations = newSetAnnotations(deployment, newSet, revision);
    const { minReadySeconds } = deployment.spec;
    if (
      !isSameJson(annotations, newSet.metadata.annotations) ||
      newSet.spec.minReadySeconds !== minReadySeconds
    ) {
      objects.update("replicasets", {
        ...newSet,
        metadata: { ...newSet.metadata, annotations },
        spec: { ...newSet.spec, minReadySeconds },
      });
      return true;
    }
    const isFirstSeen =
      hasDeadline(deployment) && conditionOf(deployment.status, "Progressing") === undefined;
    const message = `Found new replica set "${newSet.metadata.name}"`;
    const found = { status: "True", reason: "FoundNewReplicaSet", message } as const;
    announce(deployment, annotations[REVISION] ?? String(revision), isFirstSeen ? found : undefined);
    return true;
  }

  function createNewSet(deployment: Deployment, all: readonly ReplicaSet[], revision: number): boolean {
    const { namespace = "", name } = deployment.metadata;
    const { template, selector, minReadySeconds } = deployment.spec;
    const hash = templateHash(template, deployment.status.collisionCount);
    const labels = { ...template.metadata?.labels, "pod-template-hash": hash };
    const setName = `${name}-${hash}`;
    const replicas = newSetReplicas(deployment, all, 0);
    try {
      objects.create("replicasets", namespace, {
        metadata: {
          name: setName,
          namespace,
          labels,
          annotations: newSetAnnotations(deployment, undefined, revision),
          ownerReferences: [controllerReference(deployment)],
        },
        spec: {
          replicas,
          minReadySeconds,
          selector: { ...selector, matchLabels: { ...selector.matchLabels, "pod-template-hash": hash } },
          template: { ...template, metadata: { ...template.metadata, labels } },
        },
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.reason === "AlreadyExists") return resolveCollision(deployment);
      const message = `Failed to create new replica set "${setName}": ${error.message}`;
      const failed = { status: "False", reason: "ReplicaSetCreateError", message } as const;
      announce(deployment, deployment.metadata.annotations?.[REVISION] ?? "0", failed);
      throw error;
    }
    if (replicas > 0) {
      recorder.record(
        deployment,
        "Normal",
        "ScalingReplicaSet",
        `Scaled up replica set ${setName} from 0 to ${replicas}`,
      );
    }
    const created = {
      status: "True",
      reason: "NewReplicaSetCreated",
      message: `Created new replica set "${setName}"`,
    } as const;
    announce(deployment, String(revision), hasDeadline(deployment) ? created : undefined);
    return true;
  }

  /** The name is taken by another template: count the collision, which changes the hash, and come back. */
  function resolveCollision(deployment: Deployment): boolean {
    const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
    writeStatus(deployment, { ...deployment.status, collisionCount });
    queue.add(keyFor(deployment.metadata.namespace, deployment.metadata.name));
    return false;
  }

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

  function scale(deployment: Deployment, set: ReplicaSet, replicas: number): boolean {
    const before = set.spec.replicas;
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
    if (before === replicas && isSameJson(annotations, set.metadata.annotations)) return false;
    if (before === replicas && replicas === 0) return false;
    objects.update("replicasets", {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, replicas },
    });
    if (before === replicas) return false;
    const direction = replicas > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    recorder.record(deployment, "Normal", "ScalingReplicaSet", message);
    return true;
  }

  function updateStatus(given: Deployment, hasProgress = true): void {
    const { deployment, newSet, all } = look(given);
    const now = { at: time.now(), timestamp: time.timestamp() };
    let status = computeStatus(deployment, newSet, all, now.timestamp);
    if (hasProgress) status = withProgress(deployment, newSet, status, now);
    writeStatus(deployment, withReplicaFailure(status, newSet, all, now.timestamp));
  }

  function writeStatus(deployment: Deployment, status: DeploymentStatus): void {
    if (!isSameJson(status, deployment.status))
      objects.updateStatus("deployments", { ...deployment, status });
  }

  function withPauseCondition(deployment: Deployment): Deployment {
    const current = conditionOf(deployment.status, "Progressing");
    if (!hasDeadline(deployment) || current?.reason === "ProgressDeadlineExceeded") return deployment;
    const isShown = current?.reason === "DeploymentPaused";
    const isPaused = deployment.spec.paused === true;
    if (isShown === isPaused) return deployment;
    const change = isPaused
      ? { reason: "DeploymentPaused", message: "Deployment is paused" }
      : { reason: "DeploymentResumed", message: "Deployment is resumed" };
    const before = deployment.status.conditions ?? [];
    const conditions = withCondition(
      before,
      { type: "Progressing", status: "Unknown", ...change },
      time.timestamp(),
    );
    return objects.updateStatus("deployments", {
      ...deployment,
      status: { ...deployment.status, conditions },
    });
  }

  function cleanUp(deployment: Deployment, oldSets: readonly ReplicaSet[]): void {
    const surplus = oldSets.length - deployment.spec.revisionHistoryLimit;
    const byRevision = [...oldSets].sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const { metadata, spec, status } of byRevision.slice(0, Math.max(0, surplus))) {
      const isSettled = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
      if (spec.replicas > 0 || status.replicas > 0 || !isSettled) continue;
      objects.delete("replicasets", metadata.namespace ?? "", metadata.name);
    }
  }

  function scheduleDeadline(key: string): void {
    const { namespace, name } = parseKey(key);
    const deployment = objects.get("deployments", namespace, name);
    const at = deployment && deadlineAt(deployment, deployment.status);
    // One second later, as the real controller: the deadline must have passed, in whole seconds.
    if (at !== undefined) deadlines.schedule(key, at - time.now() + 1_000);
  }
}
