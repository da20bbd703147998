// The pods of the baseline in the middle of a rollout: what takes them away takes the new ones away as well. Pure.
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { isMajority, undisturbedPodsOf, widespreadSince } from "./pods.ts";

/**
 * When at least half of the baseline's pods became ready again that had lost readiness in the middle of the rollout; 0 when
 * they did not. What took them away took the new pods away as well: for those the clocks begin again.
 */
export function oldPodsBackAt(
  snapshot: Pick<Snapshot, "pods">,
  baseline: RevisionView | undefined,
  startedAt: number,
): number {
  if (baseline === undefined) return 0;
  const old = undisturbedPodsOf(snapshot, baseline);
  const back = old.filter(
    ({ isReady, createdAt, readyChangedAt }) =>
      isReady && createdAt + 1_000 < startedAt && readyChangedAt > startedAt,
  );
  if (!isMajority(back, old)) return 0;
  return widespreadSince(
    back.map(({ readyChangedAt }) => readyChangedAt),
    old.length,
  );
}
