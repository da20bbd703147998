// Which pods a ReplicaSet gives up first. Pure.
import type { Pod } from "../../api-server/kinds.ts";
import { readySince } from "../pod-readiness.ts";

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

/** What the order depends on beside the pods themselves. */
export interface OrderContext {
  /** Epoch ms. */
  readonly now: number;
  /** The active pods of all ReplicaSets of the same owner, these included: a crowded node loses pods first. */
  readonly related: readonly Pod[];
}

/**
 * The pods, those first that go first: without a node, pending, not ready, of low `pod-deletion-cost`, on nodes with
 * many of their kind, ready for a shorter time, restarted more often, younger. Times count by their order of magnitude
 * only, and the uid decides between equals, so that the choice among pods of like age is no hint at their order.
 */
export function deletionOrder(pods: readonly Pod[], { now, related }: OrderContext): Pod[] {
  const onNode = new Map<string, number>();
  for (const { spec } of related) {
    if (spec.nodeName !== undefined) onNode.set(spec.nodeName, (onNode.get(spec.nodeName) ?? 0) + 1);
  }
  const crowd = ({ spec }: Pod) => onNode.get(spec.nodeName ?? "") ?? 0;
  return [...pods].sort((a, b) => {
    const readyA = readySince(a);
    const readyB = readySince(b);
    return (
      Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined) ||
      phaseRank(a) - phaseRank(b) ||
      Number(readyA !== undefined) - Number(readyB !== undefined) ||
      deletionCost(a) - deletionCost(b) ||
      crowd(b) - crowd(a) ||
      byAge(a, b, readyA, readyB, now) ||
      restarts(b) - restarts(a) ||
      byAge(a, b, Date.parse(a.metadata.creationTimestamp), Date.parse(b.metadata.creationTimestamp), now)
    );
  });
}

function phaseRank({ status }: Pod): number {
  return PHASE_RANK[status.phase ?? ""] ?? 0;
}

function deletionCost({ metadata }: Pod): number {
  const cost = Number(metadata.annotations?.[DELETION_COST] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
}

/** The most restarts of any container. */
function restarts({ status }: Pod): number {
  return Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}

/** The younger first, when it is younger by an order of magnitude (a factor of two). */
function byAge(a: Pod, b: Pod, atA: number | undefined, atB: number | undefined, now: number): number {
  if (atA === atB || atA === undefined || atB === undefined) return 0;
  const difference = magnitude(now - atA) - magnitude(now - atB);
  return difference || (a.metadata.uid < b.metadata.uid ? -1 : 1);
}

/** Of a duration in ms; counted in nanoseconds, as Kubernetes does, so that the bounds are the same. */
function magnitude(ms: number): number {
  return ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1;
}
