// Nodes that are lost, as the workload's own pods tell: nothing that their kubelets say of new pods is new. Pure.
import type { PodView } from "../snapshot/pod.ts";
import { isMajority, isNodeFailure, isUndisturbed, widespreadSince } from "./pods.ts";
import type { Rollout } from "./rollout.ts";

/** So long after its return a kubelet has told the state of all its pods: it reconciles them every ten seconds. */
const RETURN_MS = 15_000;

/**
 * Until when an unready pod of the rollout may be one that is ready and cannot say so, because its node was lost:
 * infinity while at least half of the pods that had become ready are on lost nodes, a moment after they came back,
 * and 0 where there is no sign of it.
 */
export function nodesReportAgainAt(rollout: Rollout): number {
  const { snapshot } = rollout;
  const lost = snapshot.pods.filter((pod) => isUndisturbed(pod) && isNodeFailure(pod));
  const ready = snapshot.pods.filter((pod) => isUndisturbed(pod) && pod.isReady);
  if (isMajority(lost, [...lost, ...ready])) return Number.POSITIVE_INFINITY;
  const before = ready.filter((pod) => isFromBefore(rollout, pod));
  const backAts = before
    .filter((pod) => isReadyAgain(rollout, pod))
    .map(({ readyChangedAt }) => readyChangedAt);
  return isMajority(backAts, before) ? widespreadSince(backAts, before.length) + RETURN_MS : 0;
}

/** Whether a pod from before the rollout became ready again during it: that is no start, of which one could learn. */
export function isReadyAgain(rollout: Rollout, pod: PodView): boolean {
  return pod.isReady && isFromBefore(rollout, pod) && pod.readyChangedAt > rollout.startedAt;
}

function isFromBefore({ startedAt }: Rollout, { createdAt }: PodView): boolean {
  return createdAt + 1_000 < startedAt;
}
