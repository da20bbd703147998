// What a node's status says: as its kubelet posts it, and as the node controller fills it in when that is silent. Pure.
import type { Condition, Node } from "../../api-server/kinds.ts";
import type { Texts } from "../../api-server/kube-object.ts";

const PRESSURES = [
  ["MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
] as const;

export interface NodeCapacity {
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
}

/** The labels that a kubelet gives to its node. */
export function nodeLabels(name: string): Texts {
  return {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
  };
}

/** The status of a node that has just joined. */
export function newNodeStatus(
  name: string,
  hostIP: string,
  capacity: NodeCapacity,
  now: string,
): Node["status"] {
  const resources = { ...capacity, "ephemeral-storage": "500Gi" };
  return {
    capacity: resources,
    allocatable: resources,
    conditions: reportedConditions([], now),
    addresses: [
      { type: "InternalIP", address: hostIP },
      { type: "Hostname", address: name },
    ],
    nodeInfo: {
      machineID: "",
      systemUUID: "",
      bootID: "",
      kernelVersion: "6.1.0",
      osImage: "Debian GNU/Linux 12 (bookworm)",
      containerRuntimeVersion: "containerd://2.1.9",
      kubeletVersion: "v1.36.2",
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
    },
  };
}

/** The conditions that a kubelet posts of a node that is well. */
export function reportedConditions(before: readonly Condition[], now: string): readonly Condition[] {
  const pressures = PRESSURES.map(
    ([type, reason, message]) => ({ type, status: "False", reason, message }) as const,
  );
  const ready = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
  } as const;
  return [...pressures, ready].map((condition) => {
    const current = before.find(({ type }) => type === condition.type);
    const since = current?.status === condition.status ? current.lastTransitionTime : now;
    return { ...condition, lastHeartbeatTime: now, lastTransitionTime: since };
  });
}

/** The conditions of a node that has joined before its network plugin runs. */
export function withoutNetwork(conditions: readonly Condition[]): readonly Condition[] {
  const ready = {
    status: "False",
    reason: "KubeletNotReady",
    message:
      "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
  } as const;
  return conditions.map((condition) => (condition.type === "Ready" ? { ...condition, ...ready } : condition));
}

/** The conditions of a node that has not been heard of: nothing is known any more. */
export function unknownConditions(before: readonly Condition[], now: string): readonly Condition[] {
  return before.map((condition) => ({
    ...condition,
    status: "Unknown",
    lastTransitionTime: now,
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
  }));
}
