// The Deployment controller: brings the ReplicaSets to what the Deployment says, step by step, as Kubernetes' does.
import type { Deployment } from "../../api-server/kinds.ts";
import { controllerOf, type KubeObject } from "../../api-server/kube-object.ts";
import { matchesSelector } from "../../api-server/label-selector.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createClaims } from "../claims.ts";
import { createEventRecorder } from "../events/event-recorder.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import { createDeadlines } from "./deadlines.ts";
import { deadlineAt } from "./deployment-status.ts";
import { createViewOf } from "./deployment-view.ts";
import { createNewSetSync } from "./new-set-sync.ts";
import { isScaling } from "./replica-counts.ts";
import { createReplicaSetWrites } from "./replica-set-writes.ts";
import { createStatusWrites } from "./status-writes.ts";
import { createStrategies } from "./strategies.ts";

/** Watches Deployments and what they own, until the cluster's time stops. */
export function startDeploymentController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "deployment-controller" });
  const queue = createKeyQueue(parts, reconcile, "deployment-controller");
  const deadlines = createDeadlines(time, (key) => queue.add(key));
  const viewOf = createViewOf(objects, createClaims(objects, "replicasets"));
  const statusWrites = createStatusWrites(parts, viewOf);
  const setWrites = createReplicaSetWrites(objects, recorder);
  const enqueue = ({ metadata }: KubeObject): void => queue.add(keyFor(metadata.namespace, metadata.name));
  const syncNewSet = createNewSetSync({ objects, recorder, statusWrites, viewOf, retry: enqueue });
  const strategies = createStrategies({ objects, setWrites, statusWrites, syncNewSet, viewOf });

  objects.subscribe("deployments", ({ object }) => enqueue(object));
  objects.subscribe("replicasets", ({ type, object }) => {
    const owner = controllerOf(object);
    if (owner?.kind === "Deployment") queue.add(keyFor(object.metadata.namespace, owner.name));
    if (owner === undefined && type !== "DELETED") enqueueAdopters(object);
  });
  objects.subscribe("pods", ({ type, object }) => {
    const deployment = type === "DELETED" ? deploymentOf(object) : undefined;
    // With Recreate the next step waits for pods to be gone, which no ReplicaSet's spec shows.
    if (deployment?.spec.strategy.type === "Recreate") enqueue(deployment);
  });

  function enqueueAdopters({ metadata: { namespace, labels } }: KubeObject): void {
    for (const deployment of objects.values("deployments", namespace)) {
      if (matchesSelector(deployment.spec.selector, labels)) enqueue(deployment);
    }
  }

  function deploymentOf(pod: KubeObject): Deployment | undefined {
    const { namespace = "" } = pod.metadata;
    const set = controllerOf(pod);
    const owner = set && objects.get("replicasets", namespace, set.name);
    const deployment = owner && controllerOf(owner);
    return deployment && objects.get("deployments", namespace, deployment.name);
  }

  function reconcile(key: string): void {
    const { namespace, name } = parseKey(key);
    let deployment = objects.get("deployments", namespace, name);
    if (deployment === undefined) return;
    if (deployment.metadata.deletionTimestamp !== undefined) {
      strategies.statusOnly(deployment);
      return;
    }
    deployment = statusWrites.showPause(deployment);
    if (deployment.spec.paused || isScaling(deployment, viewOf(deployment).all))
      strategies.scaleOnly(deployment);
    else if (deployment.spec.strategy.type === "Recreate") strategies.recreate(deployment);
    else strategies.rollingUpdate(deployment);
    scheduleDeadline(key);
  }

  function scheduleDeadline(key: string): void {
    const { namespace, name } = parseKey(key);
    const deployment = objects.get("deployments", namespace, name);
    const at = deployment && deadlineAt(deployment, deployment.status);
    // One second later, as the real controller: the deadline must have passed, in whole seconds.
    if (at !== undefined) deadlines.schedule(key, at - time.now() + 1_000);
  }
}
