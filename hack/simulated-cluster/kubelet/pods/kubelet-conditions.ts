// The conditions of a pod that belong to the kubelet; it keeps all others.

/** In the order in which it writes them. */
export const KUBELET_CONDITIONS = [
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
];

export function isKubeletCondition(type: string): boolean {
  return KUBELET_CONDITIONS.includes(type);
}
