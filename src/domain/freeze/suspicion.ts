// Whether a rollout is suspicious enough to be paused: a finding that an ordinary rollout never shows, old pods that would be lost
// meanwhile, and nothing that would keep RolloutGuard from rolling back. Pure.
import { clearanceOf } from "../brakes/ordered-brakes.ts";
import type { Finding } from "../decision.ts";
import { isFrozen } from "../rollout/frozen.ts";
import { isUndisturbed } from "../rollout/pods.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { lostReadinessAt } from "../rollout/start-times.ts";
import { isObserved } from "../workload/observed.ts";

export type PendingFinding = Extract<Finding, { verdict: "pending" }>;

/** The finding for which the rollout is to be paused, or stays paused; undefined where there is none. */
export function suspicionIn(
  rollout: Rollout,
  findings: readonly Finding[],
  now: number,
): PendingFinding | undefined {
  const finding = findings.find(
    (one): one is PendingFinding => one.verdict === "pending" && one.isSuspicious === true,
  );
  if (finding === undefined || rollout.completedAt !== undefined || !areOldPodsServing(rollout))
    return undefined;
  const { workload, revision } = rollout;
  if (isFrozen(workload, revision)) {
    // Its own pause is a change that the controller has to see first.
    return !isObserved(workload) || wouldRollBack(rollout, finding, now) ? finding : undefined;
  }
  return canLoseOldPods(rollout, finding) && wouldRollBack(rollout, finding, now) ? finding : undefined;
}

function areOldPodsServing({ snapshot, revision }: Rollout): boolean {
  return snapshot.pods.some((pod) => pod.isReady && pod.revisionId !== revision.id && isUndisturbed(pod));
}

/**
 * Whether the controller can take old pods away as things are: it may as long as enough pods count as available, and pods count that
 * are ready for a moment between two crashes.
 */
function canLoseOldPods({ workload, pods, revision }: Rollout, { check }: PendingFinding): boolean {
  const isUnprobed = revision.template.containers.some(
    ({ kind, readiness }) => kind === "app" && readiness === undefined,
  );
  return (
    check === "emptyEndpoints" ||
    workload.maxUnavailable > 0 ||
    isUnprobed ||
    pods.some((pod) => pod.isReady || lostReadinessAt(pod) !== undefined)
  );
}

/** A rollout that would not be rolled back is not paused either: nobody would end the pause but time. */
function wouldRollBack(rollout: Rollout, finding: PendingFinding, now: number): boolean {
  return "restore" in clearanceOf(rollout, { ...finding, verdict: "failing" }, now);
}
