// A completed rollout whose pods stop being ready within the bake time. Pure.
import { formatDuration } from "../../api/duration.ts";
import { lostReadinessAt } from "../rollout/patience.ts";
import { isNodeTrouble } from "../rollout/rollout.ts";
import {
  type Check,
  eventsAbout,
  findingOfPods,
  healthy,
  lastWordOfProbes,
  podShare,
  told,
} from "./fault.ts";

export const degraded: Check = (rollout, now) => {
  const { policy, completedAt, revision, snapshot } = rollout;
  if (!policy.spec.checks.degraded.enabled || completedAt === undefined) return healthy("degraded");
  const affected = rollout.pods.flatMap((pod) => {
    // Restarted since: then it is starting again, and the crash loop and readiness checks judge it.
    const sinceAt = lostReadinessAt(pod);
    if (sinceAt === undefined || isNodeTrouble(pod, revision)) return [];
    // Ready again long since, perhaps, and its node has not told it yet.
    return [
      { pod, sinceAt, untilAt: sinceAt + policy.degradedMs + (snapshot.surroundings.reportLagMs ?? 0) },
    ];
  });
  return findingOfPods("degraded", rollout, affected, now, (pods) => {
    const lastWord = lastWordOfProbes(rollout, pods);
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
