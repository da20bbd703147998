// The pods of the good revision fail too, or those of them that were made since the rollout began. Pure.
import { nameRevision } from "../../history/revisions.ts";
import { failingContainer, lastFailureAt } from "../../rollout/crashes.ts";
import { isMajority, undisturbedPodsOf } from "../../rollout/pods.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import { runningSince } from "../../rollout/start-times.ts";
import type { PodView } from "../../snapshot/pod.ts";
import type { RevisionView } from "../../snapshot/revision.ts";
import type { Objection } from "./objection.ts";

export const failingOldPods: Objection = (rollout, _headline, target, now) =>
  oldPodsNotReady(rollout, target) ?? newOldPods(rollout, target, now) ?? firstToFail(rollout, target, now);

/** The pods of the other revision that still run are not ready, in a sentence. */
export function oldPodsNotReady(rollout: Rollout, target: RevisionView): string | undefined {
  const pods = undisturbedPodsOf(rollout.snapshot, target);
  if (pods.length === 0 || pods.some(({ isReady }) => isReady)) return undefined;
  return `The pods of ${nameRevision(target)} that still run are not ready either (0 of ${pods.length} ready).`;
}

/**
 * The control group: a pod of the old revision that was made after the rollout began (scaling, eviction, a lost node) needs
 * what every new pod needs. If it fails, going back does not help.
 */
function newOldPods({ snapshot, startedAt }: Rollout, target: RevisionView, now: number): string | undefined {
  const made = undisturbedPodsOf(snapshot, target).filter(({ createdAt }) => createdAt > startedAt);
  const failing = made.filter((pod) => isFailing(pod, now));
  const [first] = failing;
  if (first === undefined || failing.length < made.length) return undefined;
  return `Pod ${first.name} of ${nameRevision(target)}, created after this rollout started, does not start either, so the release is not the cause.`;
}

/** So long before the rollout began can have begun what makes both revisions fail. */
const BEFORE_MS = 5 * 60_000;
/** What both suffer from shows in both at about the same time. */
const TOGETHER_MS = 5_000;
/** Old pods that have not failed for so long have found their feet. */
const LATELY_MS = 120_000;

/**
 * Old pods that ran and began to fail when the new ones did, or before: load or a dependency that both have. What a new version does
 * to the old one shows later.
 */
function firstToFail(rollout: Rollout, target: RevisionView, now: number): string | undefined {
  const { snapshot, startedAt, pods } = rollout;
  const newFailures = pods.flatMap(({ firstFailureAt }) => firstFailureAt ?? []);
  if (newFailures.length === 0) return undefined;
  const untilAt = Math.min(...newFailures) + TOGETHER_MS;
  const old = undisturbedPodsOf(snapshot, target).filter(({ createdAt }) => createdAt <= startedAt);
  const failing = old.filter((pod) => {
    const { firstFailureAt, hadFailedBefore = false } = pod;
    if (firstFailureAt === undefined || hadFailedBefore) return false;
    const isAround = firstFailureAt >= startedAt - BEFORE_MS && firstFailureAt <= untilAt;
    return isAround && now - (lastFailureAt(pod) ?? 0) <= LATELY_MS;
  });
  if (!isMajority(failing, old)) return undefined;
  return `${failing.length} of ${old.length} pods of ${nameRevision(target)} started to fail when this release did, or before, and still fail, so the release is not the cause.`;
}

/** So long a pod of a version that is known to work takes to start without anything being wrong. */
const START_MS = 60_000;

function isFailing(pod: PodView, now: number): boolean {
  if (pod.startFailure !== undefined || failingContainer(pod, now) !== undefined) return true;
  if (pod.isReady) return false;
  const runningSinceAt = runningSince(pod);
  return now - (runningSinceAt ?? pod.createdAt) > START_MS;
}
