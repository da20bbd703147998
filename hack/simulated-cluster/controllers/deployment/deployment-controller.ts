// The Deployment controller: brings the ReplicaSets to what the Deployment says, step by step, as Kubernetes' does.
import type { Deployment } from "../../api-server/kinds.ts";
import { controllerOf } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createEventRecorder } from "../event-recorder.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import { createDeadlines } from "./deadlines.ts";
import { deadlineAt } from "./deployment-status.ts";
import { ownedSets } from "./deployment-view.ts";
import { createNewSetSync } from "./new-set-sync.ts";
import { isScaling } from "./replica-counts.ts";
import { createReplicaSetWrites } from "./replica-set-writes.ts";
import { createStatusWrites } from "./status-writes.ts";
import { createStrategies } from "./strategies.ts";

/** Watches Deployments and what they own, until the cluster's time stops. */
export function startDeploymentController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "deployment-controller" });
  const queue = createKeyQueue(parts, reconcile);
  const deadlines = createDeadlines(time, (key) => queue.add(key));
  const statusWrites = createStatusWrites(parts);
  const setWrites = createReplicaSetWrites(objects, recorder);
  const retry = ({ metadata }: Deployment): void => queue.add(keyFor(metadata.namespace, metadata.name));
  const syncNewSet = createNewSetSync({ objects, recorder, statusWrites, retry });
  const strategies = createStrategies({ objects, setWrites, statusWrites, syncNewSet });

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
    deployment = statusWrites.showPause(deployment);
    const sets = ownedSets(objects, deployment);
    if (deployment.spec.paused || isScaling(deployment, sets)) strategies.scaleOnly(deployment);
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
