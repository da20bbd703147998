// Nodes that stop reporting: their pods are marked as not ready, and given up when the node stays away.
import type { Condition, Node, Pod } from "../api-server/kinds.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import { createEventRecorder } from "./event-recorder.ts";

/** The default toleration of pods for a node that is gone. */
const TOLERATION_MS = 300_000;

export interface NodeController {
  /** Adds a node that takes pods. */
  add(name: string, hostIP: string): void;
  /** Says that the node's kubelet is heard of, or no longer. */
  setReady(name: string, isReady: boolean): void;
}

export function createNodeController(parts: ClusterParts): NodeController {
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "node-controller" });
  const leaving = new Map<string, () => void>();

  function podsOn(nodeName: string): Pod[] {
    return objects.list("pods").filter(({ spec }) => spec.nodeName === nodeName);
  }

  function giveUpPods(nodeName: string): void {
    for (const pod of podsOn(nodeName)) {
      const { namespace = "", name, deletionTimestamp } = pod.metadata;
      if (deletionTimestamp !== undefined) continue;
      const condition: Condition = {
        type: "DisruptionTarget",
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: time.timestamp(),
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      };
      const conditions = [...(pod.status.conditions ?? []), condition];
      objects.updateStatus("pods", { ...pod, status: { ...pod.status, conditions } });
      objects.delete("pods", namespace, name);
    }
  }

  return {
    add(name, hostIP) {
      const resources = { cpu: "16", memory: "64Gi", pods: "110000", "ephemeral-storage": "500Gi" };
      const node = objects.create("nodes", "", {
        metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
        spec: {},
      });
      objects.updateStatus("nodes", {
        ...node,
        status: {
          capacity: resources,
          allocatable: resources,
          conditions: [readyCondition(true, time.timestamp())],
          addresses: [
            { type: "InternalIP", address: hostIP },
            { type: "Hostname", address: name },
          ],
        },
      } as Node);
    },

    setReady(name, isReady) {
      const node = objects.get("nodes", "", name);
      if (node === undefined) throw new Error(`There is no node ${name}.`);
      const conditions = [readyCondition(isReady, time.timestamp())];
      objects.updateStatus("nodes", { ...node, status: { ...node.status, conditions } } as Node);
      leaving.get(name)?.();
      leaving.delete(name);
      if (isReady) return;
      for (const pod of podsOn(name)) {
        const before = pod.status.conditions ?? [];
        const marked = before.map((condition) =>
          condition.type === "Ready" && condition.status === "True"
            ? { ...condition, status: "False" as const, lastTransitionTime: time.timestamp() }
            : condition,
        );
        objects.updateStatus("pods", { ...pod, status: { ...pod.status, conditions: marked } });
        recorder.record(pod, "Warning", "NodeNotReady", "Node is not ready");
      }
      leaving.set(
        name,
        time.after(TOLERATION_MS, () => giveUpPods(name)),
      );
    },
  };
}

function readyCondition(isReady: boolean, now: string): Condition {
  const times = { lastHeartbeatTime: now, lastTransitionTime: now };
  return isReady
    ? {
        type: "Ready",
        status: "True",
        ...times,
        reason: "KubeletReady",
        message: "kubelet is posting ready status",
      }
    : {
        type: "Ready",
        status: "Unknown",
        ...times,
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
      };
}
