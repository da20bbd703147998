// Pods that run and do not become ready. Pure.
import { formatDuration } from "../../api/duration.ts";
import {
  lostReadinessAt,
  probeChange,
  readinessPatience,
  runningSince,
  unreadyContainers,
} from "../rollout/patience.ts";
import { isNodeTrouble, type Rollout } from "../rollout/rollout.ts";
import type { PodView } from "../snapshot/pod.ts";
import {
  type AffectedPod,
  type Check,
  eventsAbout,
  findingOfPods,
  healthy,
  lastWordOfProbes,
  podShare,
  told,
} from "./fault.ts";

export const readiness: Check = (rollout, now) => {
  if (!rollout.policy.spec.checks.readiness.enabled) return healthy("readiness");
  const affected = rollout.pods.flatMap((pod) => affectedPod(rollout, pod) ?? []);
  return findingOfPods("readiness", rollout, affected, now, (pods) => {
    const [first] = pods;
    const allowed = first ? readinessPatience(rollout, first.pod) : undefined;
    const patience = allowed ? `${formatDuration(allowed.patienceMs)} (${allowed.because})` : "their time";
    const lastWord = lastWordOfProbes(rollout, pods);
    return told(
      "NotReady",
      `${podShare(pods, rollout)} did not become ready within ${patience}${lastWord ? `: ${lastWord}` : ""}`,
      [
        ...changedProbes(rollout, pods),
        ...pods.map(({ pod }) => statusLine(pod)),
        ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Unhealthy", "ProbeWarning"])),
      ],
    );
  });
};

function affectedPod(rollout: Rollout, pod: PodView): AffectedPod | undefined {
  const runningSinceAt = runningSince(pod);
  if (pod.isReady || runningSinceAt === undefined || isNodeTrouble(pod, rollout.revision)) return undefined;
  const lostAt = lostReadinessAt(pod);
  // After completion a pod that lost readiness while its containers ran on is for the check `degraded`.
  if (lostAt !== undefined && rollout.completedAt !== undefined) return undefined;
  const sinceAt = lostAt ?? runningSinceAt;
  return { pod, sinceAt, untilAt: sinceAt + readinessPatience(rollout, pod).patienceMs };
}

function changedProbes(rollout: Rollout, pods: readonly AffectedPod[]): readonly string[] {
  return pods.flatMap(({ pod }) =>
    unreadyContainers(rollout, pod).flatMap((container) => {
      const change = probeChange(rollout, container);
      return change
        ? [
            `this rollout changed the probe of container ${container.name}: ${change.before} → ${change.after}`,
          ]
        : [];
    }),
  );
}

function statusLine(pod: PodView): string {
  const unready = pod.containers
    .filter(({ isReady, kind }) => !isReady && kind !== "init")
    .map(({ name }) => name);
  const what =
    unready.length > 0 ? `containers with unready status: ${unready.join(", ")}` : "all containers are ready";
  return `pod ${pod.name}: Ready is False, ${pod.readyReason ?? "no reason given"}; ${what}`;
}
