// The ReplicaSet controller: keeps as many pods as the spec says and tells how they are.
import { ApiError } from "../../api-server/api-error.ts";
import type { Pod, ReplicaSet } from "../../api-server/kinds.ts";
import {
  controllerOf,
  controllerReference,
  isSameJson,
  type KubeObject,
} from "../../api-server/kube-object.ts";
import { matchesSelector } from "../../api-server/label-selector.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createClaims } from "../claims.ts";
import { createEventRecorder } from "../events/event-recorder.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import { isActive } from "../pod-readiness.ts";
import { deletionOrder } from "./deletion-order.ts";
import { computeSetStatus, nextAvailableAt } from "./replica-set-status.ts";
import { slowStart } from "./slow-start.ts";

/** More pods than this are not created or deleted in one pass. */
const BURST = 500;

/** Watches ReplicaSets and their pods, until the cluster's time stops. */
export function startReplicaSetController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "replicaset-controller" });
  const queue = createKeyQueue(parts, reconcile, "replicaset-controller");
  const claims = createClaims(objects, "pods");

  const enqueue = ({ metadata }: KubeObject): void => queue.add(keyFor(metadata.namespace, metadata.name));
  objects.subscribe("replicasets", ({ object }) => enqueue(object));
  objects.subscribe("pods", ({ type, object, previous }) => {
    const owner = controllerOf(object);
    const before = previous && controllerOf(previous);
    if (before !== undefined && before.uid !== owner?.uid) enqueueSet(object, before.name);
    if (owner?.kind === "ReplicaSet") enqueueSet(object, owner.name);
    else if (owner === undefined && type !== "DELETED") enqueueAdopters(object);
  });

  function enqueueSet({ metadata }: KubeObject, name: string): void {
    queue.add(keyFor(metadata.namespace, name));
  }

  function enqueueAdopters({ metadata: { namespace, labels } }: KubeObject): void {
    for (const set of objects.values("replicasets", namespace)) {
      if (matchesSelector(set.spec.selector, labels)) enqueue(set);
    }
  }

  function reconcile(key: string): void {
    const { namespace, name } = parseKey(key);
    const set = objects.get("replicasets", namespace, name);
    if (set === undefined) return;
    const pods = claims.claimed(set);
    const isDeleting = set.metadata.deletionTimestamp !== undefined;
    const failure = isDeleting ? undefined : adjust(set, pods.filter(isActive));
    // The pods that this pass made or deleted show in the next one, as with a cache that the watch has to fill.
    const status = computeSetStatus(set, pods, failure, time);
    if (!isSameJson(status, set.status)) objects.updateStatus("replicasets", { ...set, status });
    const nextAt = nextAvailableAt(set, pods, time.now());
    if (nextAt !== undefined) queue.add(key, nextAt - time.now());
    if (failure !== undefined) throw failure;
    if (Math.abs(set.spec.replicas - pods.filter(isActive).length) > BURST) queue.add(key);
  }

  /** Creates or deletes pods. Returns the refusal when some could not be created. */
  function adjust(set: ReplicaSet, active: readonly Pod[]): ApiError | undefined {
    const missing = set.spec.replicas - active.length;
    if (missing > 0) return slowStart(Math.min(missing, BURST), () => createPod(set));
    if (missing < 0) deletePods(set, active, Math.min(-missing, BURST));
    return undefined;
  }

  function deletePods(set: ReplicaSet, active: readonly Pod[], count: number): void {
    const order = deletionOrder(active, { now: time.now(), related: siblingPods(set) });
    for (const pod of order.slice(0, count)) {
      objects.delete("pods", pod.metadata.namespace ?? "", pod.metadata.name);
      recorder.record(set, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    }
  }

  /** The active pods of all ReplicaSets that have the same owner. */
  function siblingPods(set: ReplicaSet): readonly Pod[] {
    const owner = controllerOf(set);
    const sets = owner === undefined ? [set] : objects.ownedBy("replicasets", owner.uid);
    return sets.flatMap(({ metadata: { uid } }) => objects.ownedBy("pods", uid).filter(isActive));
  }

  /** Returns the API server's refusal. In a namespace that ends nothing can be created, which is no failure. */
  function createPod(set: ReplicaSet): ApiError | undefined {
    const { namespace = "", name } = set.metadata;
    const { template } = set.spec;
    try {
      const pod = objects.create("pods", namespace, {
        metadata: {
          generateName: `${name}-`,
          namespace,
          labels: template.metadata?.labels,
          annotations: template.metadata?.annotations,
          ownerReferences: [controllerReference(set)],
        },
        spec: template.spec,
      });
      recorder.record(set, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const namespaceObject = objects.get("namespaces", "", namespace);
      if (namespaceObject?.metadata.deletionTimestamp !== undefined) return undefined;
      recorder.record(set, "Warning", "FailedCreate", `Error creating: ${error.message}`);
      return error;
    }
  }
}
