// How controllers look at pods: active, ready since when, and which to delete first. Pure.
import type { Condition, Pod } from "../api-server/kinds.ts";

export function podCondition({ status }: Pod, type: string): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

/** Whether the pod counts: it has not ended and nobody deletes it. */
export function isActive({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined && status.phase !== "Failed" && status.phase !== "Succeeded"
  );
}

/** When the pod became ready (epoch ms), or undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const ready = podCondition(pod, "Ready");
  return ready?.status === "True" ? Date.parse(ready.lastTransitionTime ?? "") : undefined;
}

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

function restarts({ status }: Pod): number {
  return (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** The pods, those first that a ReplicaSet gives up first. */
export function deletionOrder(pods: readonly Pod[]): Pod[] {
  return [...pods].sort((a, b) => {
    const byNode = Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined);
    const byPhase = (PHASE_RANK[a.status.phase ?? ""] ?? 0) - (PHASE_RANK[b.status.phase ?? ""] ?? 0);
    const [readyA, readyB] = [readySince(a), readySince(b)];
    const byReady = Number(readyA !== undefined) - Number(readyB !== undefined);
    const byReadyTime = (readyB ?? 0) - (readyA ?? 0);
    const byRestarts = restarts(b) - restarts(a);
    const byAge = b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp);
    return byNode || byPhase || byReady || byReadyTime || byRestarts || byAge;
  });
}
