// The taint eviction controller: deletes pods from nodes with NoExecute taints, when they no longer tolerate them.
import type { Condition, Node, Pod } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createEventRecorder } from "../events/event-recorder.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import type { PodsByNode } from "./pods-by-node.ts";
import { toleratedFor } from "./taints.ts";

/** Watches nodes and pods, until the cluster's time stops. */
export function startTaintEviction(parts: ClusterParts, podsByNode: PodsByNode): void {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "taint-eviction-controller" });
  const queue = createKeyQueue(parts, handle, "taint-eviction-controller");
  /** The pods that have to go and when, by key. */
  const leaving = new Map<
    string,
    { readonly uid: string; readonly at: number; readonly cancel: () => void }
  >();
  const enqueue = ({ metadata }: Pod): void => queue.add(keyFor(metadata.namespace, metadata.name));

  objects.subscribe("nodes", ({ object, previous }) => {
    const before = previous === undefined ? [] : noExecute(previous as Node);
    if (isSameJson(before, noExecute(object as Node))) return;
    for (const pod of podsByNode.podsOn(object.metadata.name)) enqueue(pod);
  });
  objects.subscribe("pods", ({ type, object, previous }) => {
    const pod = object as Pod;
    const key = keyFor(pod.metadata.namespace, pod.metadata.name);
    if (type === "DELETED") cancel(key);
    else if (
      pod.spec.nodeName !== (previous as Pod | undefined)?.spec.nodeName &&
      taintsFor(pod).length > 0
    ) {
      enqueue(pod);
    }
  });

  function taintsFor({ spec }: Pod): ReturnType<typeof noExecute> {
    const node = spec.nodeName === undefined ? undefined : objects.get("nodes", "", spec.nodeName);
    return node === undefined ? [] : noExecute(node);
  }

  function cancel(key: string): boolean {
    leaving.get(key)?.cancel();
    return leaving.delete(key);
  }

  function handle(key: string): void {
    const { namespace, name } = parseKey(key);
    const pod = objects.get("pods", namespace, name);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) {
      cancel(key);
      return;
    }
    const taints = taintsFor(pod);
    const stay = taints.length === 0 ? undefined : toleratedFor(pod, taints);
    if (stay === undefined) {
      if (cancel(key)) {
        recorder.record(
          pod,
          "Normal",
          "TaintManagerEviction",
          `Cancelling deletion of Pod ${namespace}/${name}`,
        );
      }
      return;
    }
    const at = Math.min(...taints.map(({ timeAdded }) => Date.parse(timeAdded ?? "") || time.now())) + stay;
    const planned = leaving.get(key);
    if (planned !== undefined && planned.at <= at) return;
    planned?.cancel();
    const { uid } = pod.metadata;
    leaving.set(key, { uid, at, cancel: time.after(at - time.now(), () => evict(key, uid)) });
  }

  function evict(key: string, uid: string): void {
    leaving.delete(key);
    const { namespace, name } = parseKey(key);
    const pod = objects.get("pods", namespace, name);
    if (pod?.metadata.uid !== uid) return;
    recorder.record(pod, "Normal", "TaintManagerEviction", `Marking for deletion Pod ${namespace}/${name}`);
    const disrupted: Condition = {
      type: "DisruptionTarget",
      observedGeneration: pod.metadata.generation,
      status: "True",
      lastProbeTime: null,
      lastTransitionTime: time.timestamp(),
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
    };
    const conditions = [...(pod.status.conditions ?? []), disrupted];
    objects.updateStatus("pods", { ...pod, status: { ...pod.status, conditions } });
    objects.delete("pods", namespace, name);
  }
}

function noExecute({ spec }: Node) {
  return (spec.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}
