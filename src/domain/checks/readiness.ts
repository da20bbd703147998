// Pods that run and do not become ready. Pure.
import { formatDuration } from "../../api/duration.ts";
import {
  BEHAVIOUR_MS,
  patienceNow,
  probeChange,
  type ReadinessPatience,
  readinessPatience,
  unreadyContainers,
} from "../rollout/patience.ts";
import { isNodeFailure } from "../rollout/pods.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { lostReadinessAt, runningSince } from "../rollout/start-times.ts";
import type { PodView } from "../snapshot/pod.ts";
import {
  type AffectedPod,
  type Check,
  eventsAbout,
  type FaultTime,
  fault,
  findingOfPods,
  healthy,
  lastWordOfProbes,
  podShare,
  toleratedUnready,
} from "./fault.ts";
import { foreseenUnready, isAnySuspicious } from "./suspicious-readiness.ts";
import { countsAt, deadlineAt, patienceWith } from "./urgency.ts";

export const readiness: Check = (rollout, now) => {
  if (!rollout.policy.spec.checks.readiness.enabled) return healthy("readiness");
  const affected = rollout.pods.flatMap((pod) => affectedPod(rollout, pod) ?? []);
  const foreseen = foreseenUnready(rollout);
  const finding = findingOfPods(rollout, now, {
    check: "readiness",
    affected,
    isSuspicious: foreseen !== undefined || isAnySuspicious(rollout, affected, now),
    tolerated: toleratedUnready(rollout),
    needsSecondPod: true,
    describe: (pods, time) => {
      const lastWord = lastWordOfProbes(rollout, pods);
      return fault(
        "NotReady",
        `${podShare(pods, rollout)} ${howLong(rollout, pods, time)}${lastWord ? `: ${lastWord}` : ""}`,
        [
          ...changedProbes(rollout, pods),
          ...pods.map(({ pod }) => statusLine(pod)),
          ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Unhealthy", "ProbeWarning"])),
        ],
      );
    },
  });
  return finding.verdict === "healthy" && foreseen ? foreseen : finding;
};

/** "did not become ready within 45s", or "are not ready yet (14s of 45s)"; with why it is so long, where that is known. */
function howLong(rollout: Rollout, pods: readonly AffectedPod[], time: FaultTime): string {
  const { patienceMs, because } = patienceWithPods(rollout, pods);
  if (time.isFailing) {
    return `did not become ready within ${formatDuration(patienceMs)}${because === undefined ? "" : ` (${because})`}`;
  }
  const why = because === undefined || time.limitMs !== patienceMs ? "" : `; ${because}`;
  const verb = pods.length === 1 ? "is" : "are";
  return `${verb} not ready yet (${formatDuration(time.lastedMs)} of ${formatDuration(time.limitMs)}${why})`;
}

/** The patience with the first of the pods, which is longer while nobody is hurt. */
function patienceWithPods(rollout: Rollout, [first]: readonly AffectedPod[]): ReadinessPatience {
  return first === undefined ? { patienceMs: BEHAVIOUR_MS } : patienceNow(rollout, first.pod);
}

function affectedPod(rollout: Rollout, pod: PodView): AffectedPod | undefined {
  const runningSinceAt = runningSince(pod);
  if (pod.isReady || runningSinceAt === undefined || isNodeFailure(pod)) return undefined;
  const lostAt = lostReadinessAt(pod);
  // After completion a pod that lost readiness while its containers ran on is for the check `degraded`.
  if (lostAt !== undefined && rollout.completedAt !== undefined) return undefined;
  const sinceAt = lostAt ?? runningSinceAt;
  const { patienceMs } = readinessPatience(rollout, pod);
  // A gate is set from outside: a load balancer's controller is expected.
  const evidence = pod.readyReason === "ReadinessGatesNotReady" ? "expected" : "behaviour";
  const patience = patienceWith(evidence, patienceMs, rollout.policy.readinessMs);
  const untilAt = countsAt(rollout, sinceAt, patience);
  return {
    pod,
    sinceAt,
    untilAt: isFirstAndServes(rollout) ? Math.max(untilAt, deadlineAt(rollout, sinceAt)) : untilAt,
  };
}

/** Nothing ran before it, so nothing says how many of its pods should be ready, and some are: nobody has lost anything. */
function isFirstAndServes({ baseline, before, pods, policy }: Rollout): boolean {
  return (
    policy.readinessMs === undefined &&
    baseline === undefined &&
    before === undefined &&
    pods.some(({ isReady }) => isReady)
  );
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
