// Taints of nodes and the tolerations of pods. Pure.
import type { Pod, Taint, Toleration } from "../../api-server/kinds.ts";

export const TAINT = {
  notReady: "node.kubernetes.io/not-ready",
  unreachable: "node.kubernetes.io/unreachable",
  unschedulable: "node.kubernetes.io/unschedulable",
} as const;

function tolerationsOf({ spec }: Pod): readonly Toleration[] {
  return (spec["tolerations"] as readonly Toleration[] | undefined) ?? [];
}

/** Whether the toleration is one for the taint. An empty key or effect stands for all. */
function tolerates({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === "Exists";
  return key === taint.key && (operator === "Exists" || value === (taint.value ?? ""));
}

export function isTolerated(pod: Pod, taint: Taint): boolean {
  return tolerationsOf(pod).some((toleration) => tolerates(toleration, taint));
}

/** How long the pod may stay under these NoExecute taints (ms); 0 is not at all, undefined without a limit. */
export function toleratedFor(pod: Pod, taints: readonly Taint[]): number | undefined {
  if (!taints.every((taint) => isTolerated(pod, taint))) return 0;
  const used = tolerationsOf(pod).filter((toleration) =>
    taints.some((taint) => tolerates(toleration, taint)),
  );
  const seconds = used.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return seconds.length > 0 ? Math.max(0, Math.min(...seconds)) * 1_000 : undefined;
}

/** The taints without those of the keys, and with those that are new. */
export function replacedTaints(
  taints: readonly Taint[],
  removedKeys: readonly string[],
  added: readonly Taint[],
): readonly Taint[] {
  const isNew = ({ key, effect }: Taint) =>
    !taints.some((each) => each.key === key && each.effect === effect);
  const kept = taints.filter(
    ({ key, effect }) =>
      !removedKeys.includes(key) || added.some((each) => each.key === key && each.effect === effect),
  );
  return [...kept, ...added.filter(isNew)];
}
