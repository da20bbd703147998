// Which pods of a revision can say something about the release, and how many of them make a majority. Pure.
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";

interface Circumstances {
  readonly completedAt: number | undefined;
  /** What the ledger knows of the revision. */
  readonly entry: LedgerEntry | undefined;
  /** How many pods were desired when the rollout began, and are now. */
  readonly wanted: number;
  readonly desired: number;
}

/**
 * The pods whose state can be the release's doing. Not among them: dead pods, and pods that are being deleted, evicted or
 * disrupted; while it rolls out, the pods by which an autoscaler goes beyond what was desired when it began; once it is
 * complete, pods made later by scaling or to replace others, as long as any of its own are left. A revision that was
 * complete with fewer pods than are desired now has not proven itself with that many: then all of them count.
 */
export function eligiblePods(
  pods: readonly PodView[],
  { completedAt, entry, wanted, desired }: Circumstances,
): readonly PodView[] {
  const left = pods.filter(isUndisturbed);
  if (completedAt === undefined) {
    if (desired <= wanted || left.length <= wanted) return left;
    return [...left].sort((a, b) => a.createdAt - b.createdAt).slice(0, Math.max(1, wanted));
  }
  const isProven = entry?.verdict === "Good" || (entry?.replicas ?? desired) >= desired;
  if (!isProven) return left;
  const own = left.filter(({ createdAt }) => createdAt <= completedAt + 1_000);
  return own.length > 0 ? own : left;
}

/** Alive, and neither being deleted, evicted nor disrupted. */
export function isUndisturbed({ isDeleting, disruption, phase }: PodView): boolean {
  return !isDeleting && disruption === undefined && !isDead(phase);
}

/** The pods of the revision that are alive, and neither being deleted, evicted nor disrupted. */
export function undisturbedPodsOf(
  { pods }: { readonly pods: readonly PodView[] },
  { id }: Pick<RevisionView, "id">,
): readonly PodView[] {
  return pods.filter((pod) => pod.revisionId === id && isUndisturbed(pod));
}

/** A pod in one of these phases never runs again; its controller makes another one. */
function isDead(phase: string): boolean {
  return phase === "Failed" || phase === "Succeeded";
}

/**
 * The kubelet calls the containers ready and the pod is not: the node controller lost its node (it sets only the Ready
 * condition). With readiness gates the gate can be what is missing.
 */
export function isNodeFailure(pod: PodView): boolean {
  return !pod.isReady && pod.containersReadyAt !== undefined && !isGated(pod);
}

function isGated({ hasReadinessGates, readyReason }: PodView): boolean {
  return hasReadinessGates === true || readyReason === "ReadinessGatesNotReady";
}

/** Whether so many of the pods are affected that it is the release and not a node or an accident: at least half. */
export function isMajority(affected: readonly unknown[], pods: readonly unknown[]): boolean {
  return affected.length > 0 && affected.length * 2 >= pods.length;
}

/** When a fault became widespread: the instant at which half of the pods were affected. */
export function widespreadSince(sinceAts: readonly number[], podCount: number): number {
  const sorted = [...sinceAts].sort((a, b) => a - b);
  const decisive = Math.max(1, Math.ceil(podCount / 2));
  return sorted[Math.min(decisive, sorted.length) - 1] ?? 0;
}
