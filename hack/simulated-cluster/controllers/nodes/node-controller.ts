// Nodes: they join, are cordoned, and stop reporting; then they are tainted and their pods marked as not ready.
import type { Node, Pod, Taint } from "../../api-server/kinds.ts";
import { isSameJson, type Texts } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createEventRecorder } from "../events/event-recorder.ts";
import { createKeyQueue } from "../key-queue.ts";
import {
  type NodeCapacity,
  newNodeStatus,
  nodeLabels,
  reportedConditions,
  unknownConditions,
  withoutNetwork,
} from "./node-status.ts";
import type { PodsByNode } from "./pods-by-node.ts";
import { replacedTaints, TAINT } from "./taints.ts";

export interface JoiningNode {
  readonly name: string;
  readonly hostIP: string;
  readonly capacity: NodeCapacity;
  readonly labels?: Texts | undefined;
  readonly taints?: readonly Taint[] | undefined;
  readonly isReady: boolean;
}

export interface NodeController {
  /** Adds a node; one that is not ready has no network yet and takes no pods. */
  add(node: JoiningNode): void;
  /** Says that the node's kubelet is heard of, or no longer. */
  setReady(name: string, isReady: boolean): void;
}

export function createNodeController(parts: ClusterParts, podsByNode: PodsByNode): NodeController {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "node-controller" });
  const queue = createKeyQueue(parts, taint, "node-controller");

  objects.subscribe("nodes", ({ type, object: { metadata } }) => {
    if (type !== "DELETED") queue.add(metadata.name);
  });

  /** Brings the taints to what the node's spec and conditions say. */
  function taint(name: string): void {
    const node = objects.get("nodes", "", name);
    if (node === undefined) return;
    const ready = node.status.conditions?.find(({ type }) => type === "Ready")?.status;
    const wanted: Taint[] = [];
    const timeAdded = time.timestamp();
    if (ready === "Unknown") wanted.push(...lost(TAINT.unreachable, timeAdded));
    if (ready === "False") wanted.push(...lost(TAINT.notReady, timeAdded));
    if (node.spec.unschedulable) wanted.push({ key: TAINT.unschedulable, effect: "NoSchedule", timeAdded });
    const before = node.spec.taints ?? [];
    const taints = replacedTaints(before, Object.values(TAINT), wanted);
    if (isSameJson(before, taints)) return;
    const { taints: _taints, ...spec } = node.spec;
    objects.update("nodes", { ...node, spec: { ...spec, ...(taints.length > 0 && { taints }) } });
  }

  function setConditions(node: Node, isReady: boolean): void {
    const before = node.status.conditions ?? [];
    const conditions = isReady
      ? reportedConditions(before, time.timestamp())
      : unknownConditions(before, time.timestamp());
    objects.updateStatus("nodes", { ...node, status: { ...node.status, conditions } });
  }

  function markNotReady(pod: Pod): void {
    const before = pod.status.conditions ?? [];
    const marked = before.map((condition) =>
      condition.type === "Ready" && condition.status === "True"
        ? { ...condition, status: "False" as const, lastTransitionTime: time.timestamp() }
        : condition,
    );
    objects.updateStatus("pods", { ...pod, status: { ...pod.status, conditions: marked } });
    recorder.record(pod, "Warning", "NodeNotReady", "Node is not ready");
  }

  return {
    add({ name, hostIP, capacity, labels, taints, isReady }) {
      // Admission taints a node that joins before its network works, so that no pod is faster.
      const notReady: Taint[] = isReady ? [] : [{ key: TAINT.notReady, effect: "NoSchedule" }];
      const allTaints = [...(taints ?? []), ...notReady];
      const node = objects.create("nodes", "", {
        metadata: { name, labels: { ...nodeLabels(name), ...labels } },
        spec: { ...(allTaints.length > 0 && { taints: allTaints }) },
      });
      const status = newNodeStatus(name, hostIP, capacity, time.timestamp());
      const conditions = isReady ? status.conditions : withoutNetwork(status.conditions ?? []);
      objects.updateStatus("nodes", { ...node, status: { ...status, conditions } });
    },

    setReady(name, isReady) {
      const node = objects.get("nodes", "", name);
      if (node === undefined) throw new Error(`There is no node ${name}.`);
      setConditions(node, isReady);
      if (isReady) return;
      recorder.record(node, "Normal", "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      for (const pod of podsByNode.podsOn(name)) markNotReady(pod);
    },
  };
}

function lost(key: string, timeAdded: string): readonly Taint[] {
  return [
    { key, effect: "NoSchedule", timeAdded },
    { key, effect: "NoExecute", timeAdded },
  ];
}
