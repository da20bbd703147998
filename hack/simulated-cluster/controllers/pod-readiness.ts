// How controllers look at pods: active, ended, ready since when. Pure.
import type { Condition, Pod } from "../api-server/kinds.ts";

export function podCondition({ status }: Pod, type: string): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

/** Whether all of the pod's containers have ended for good. */
export function isTerminal({ status }: Pod): boolean {
  return status.phase === "Failed" || status.phase === "Succeeded";
}

/** Whether the pod counts: it has not ended and nobody deletes it. */
export function isActive(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isTerminal(pod);
}

/** When the pod became ready (epoch ms), or undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const ready = podCondition(pod, "Ready");
  return ready?.status === "True" ? Date.parse(ready.lastTransitionTime ?? "") : undefined;
}
