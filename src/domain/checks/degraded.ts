// A completed rollout whose pods stop being ready within the bake time. Pure.
import { formatDuration } from "../../api/duration.ts";
import { runningSince } from "../rollout/patience.ts";
import { probeFailureOf } from "../rollout/probe-failures.ts";
import { isNodeTrouble } from "../rollout/rollout.ts";
import { type Check, eventsAbout, findingOfPods, healthy, mostFrequent, podShare, told } from "./fault.ts";

export const degraded: Check = (rollout, now) => {
  const { policy, completedAt, revision, snapshot } = rollout;
  if (!policy.spec.checks.degraded.enabled || completedAt === undefined) return healthy("degraded");
  const affected = rollout.pods.flatMap((pod) => {
    const runningSinceAt = runningSince(pod);
    // Restarted since: then it is starting again, and the crash loop and readiness checks judge it.
    const lostIt = runningSinceAt !== undefined && pod.readyChangedAt > runningSinceAt + 1_000;
    if (pod.isReady || !lostIt || isNodeTrouble(pod, revision)) return [];
    return [{ pod, sinceAt: pod.readyChangedAt, untilAt: pod.readyChangedAt + policy.degradedMs }];
  });
  return findingOfPods("degraded", rollout, affected, now, (pods) => {
    const lastWord = mostFrequent(
      pods.flatMap(({ pod }) => probeFailureOf(pod, snapshot.events)?.message ?? []),
    );
    const wellFor = formatDuration(Math.min(...pods.map(({ sinceAt }) => sinceAt)) - completedAt);
    return told(
      "Degraded",
      `The rollout was complete for ${wellFor}, then ${podShare(pods, rollout)} stopped being ready${lastWord ? `: ${lastWord}` : ""}`,
      [
        ...pods.map(
          ({ pod, sinceAt }) =>
            `pod ${pod.name}: Ready is False since ${new Date(sinceAt).toISOString()}, ${pod.readyReason ?? "no reason given"}`,
        ),
        ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Unhealthy"])),
      ],
    );
  });
};
