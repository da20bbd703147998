// Pods that were ready and stop being ready: for good, or again and again. Pure.
import { formatDuration } from "../../api/duration.ts";
import { isMajority, isNodeFailure } from "../rollout/pods.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { lostReadinessAt, runningSince } from "../rollout/start-times.ts";
import type { PodView } from "../snapshot/pod.ts";
import {
  type AffectedPod,
  type Check,
  eventsAbout,
  fault,
  findingOfPods,
  healthy,
  lastWordOfProbes,
  podShare,
  toleratedUnready,
} from "./fault.ts";
import { countsAt, patienceWith } from "./urgency.ts";

const URGENT_MS = 20_000;
/**
 * A pod that lost readiness several times and was unready for such a share of its life, beyond twice the baseline's, is not
 * well, however it is at this moment.
 */
const UNREADY_SHARE = 0.15;
const LOSSES = 3;
/** A few short spells are no pattern. */
const UNREADY_MS = 30_000;

export const degraded: Check = (rollout, now) => {
  const { policy, pods, completedAt } = rollout;
  if (!policy.spec.checks.degraded.enabled) return healthy("degraded");
  const unstable = pods.filter((pod) => isUnstable(rollout, pod, now));
  const areUnstable = isMajority(unstable, pods);
  if (!areUnstable && completedAt === undefined) return healthy("degraded");
  return areUnstable ? flapping(rollout, unstable, now) : lost(rollout, completedAt ?? now, now);
};

/** The pods are not ready now. */
function lost(rollout: Rollout, completedAt: number, now: number) {
  const { policy, snapshot } = rollout;
  const affected = rollout.pods.flatMap((pod): AffectedPod[] => {
    // Restarted since: then it is starting again, and the crash loop and readiness checks judge it.
    const sinceAt = lostReadinessAt(pod);
    if (sinceAt === undefined || isNodeFailure(pod)) return [];
    const patience = patienceWith("behaviour", URGENT_MS, policy.degradedMs);
    // It can be ready again already, and its node has not reported it yet.
    const lateMs = snapshot.surroundings.reportLagMs ?? 0;
    return [{ pod, sinceAt, untilAt: countsAt(rollout, sinceAt, patience) + lateMs }];
  });
  return findingOfPods(rollout, now, {
    check: "degraded",
    affected,
    tolerated: toleratedUnready(rollout),
    needsSecondPod: true,
    describe: (pods) => {
      const lastWord = lastWordOfProbes(rollout, pods);
      const wellFor = formatDuration(
        Math.max(0, Math.min(...pods.map(({ sinceAt }) => sinceAt)) - completedAt),
      );
      return fault(
        "Degraded",
        `${podShare(pods, rollout)} stopped being ready ${wellFor} after the rollout completed${lastWord ? `: ${lastWord}` : ""}`,
        [
          ...pods.map(
            ({ pod, sinceAt }) =>
              `pod ${pod.name}: Ready is False since ${new Date(sinceAt).toISOString()}, ${pod.readyReason ?? "no reason given"}`,
          ),
          ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Unhealthy"])),
        ],
      );
    },
  });
}

/** The pods lose readiness again and again: what happened in all that time counts, not this instant. */
function flapping(rollout: Rollout, unstable: readonly PodView[], now: number) {
  const affected = unstable.map((pod) => ({ pod, sinceAt: rollout.startedAt, untilAt: now }));
  return findingOfPods(rollout, now, {
    check: "degraded",
    affected,
    describe: (pods) => {
      const losses = Math.max(...unstable.map(({ instability }) => instability?.losses ?? 0));
      const unreadyMs = Math.max(...unstable.map((pod) => unreadyInAllMs(pod, now)));
      const lastWord = lastWordOfProbes(rollout, pods);
      return fault(
        "Degraded",
        `${podShare(pods, rollout)} lost readiness up to ${losses} times, for ${formatDuration(unreadyMs)} in total${lastWord ? `: ${lastWord}` : ""}`,
        [
          ...unstable.map(
            (pod) =>
              `pod ${pod.name}: lost readiness ${pod.instability?.losses ?? 0} times while its containers were running, unready for ${formatDuration(unreadyInAllMs(pod, now))} in total`,
          ),
          ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Unhealthy"])),
        ],
      );
    },
  });
}

function isUnstable({ before }: Rollout, pod: PodView, now: number): boolean {
  const { losses = 0 } = pod.instability ?? {};
  const lifeMs = now - (runningSince(pod) ?? pod.createdAt);
  const unreadyMs = unreadyInAllMs(pod, now);
  const usualShare = 1 - (before?.readyPercent ?? 100) / 100;
  return losses >= LOSSES && unreadyMs >= UNREADY_MS && unreadyMs / lifeMs >= UNREADY_SHARE + 2 * usualShare;
}

function unreadyInAllMs(pod: PodView, now: number): number {
  const { unreadyMs = 0 } = pod.instability ?? {};
  const lostAt = lostReadinessAt(pod);
  return unreadyMs + (lostAt === undefined ? 0 : now - lostAt);
}
