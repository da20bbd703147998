// Kubernetes' own verdict: the rollout made no progress for progressDeadlineSeconds. Pure.
// 600 s is a default that nobody chose. It counts only where at least half of the new pods are not well, and none of those has
// a reason to take longer: see `rollout/waiting-pods.ts`.
import { isMajority } from "../rollout/pods.ts";
import { LONGEST_MS, type PodState, podStates } from "../rollout/waiting-pods.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Check, eventsAbout, fault, groundsIn, healthy, lasting, toleratedUnready } from "./fault.ts";
import { countsAt, patienceWith } from "./urgency.ts";

/** The pods' Events that say why one is not there. */
const INFORMATIVE = [
  "FailedMount",
  "FailedAttachVolume",
  "FailedCreatePodSandBox",
  "FailedScheduling",
  "Failed",
  "Unhealthy",
  "BackOff",
];

export const progressDeadline: Check = (rollout, now) => {
  const { policy, workload, startedAt, revision, clocksFromAt } = rollout;
  if (!policy.spec.checks.progressDeadline.enabled) return healthy("progressDeadline");
  const stall = rulesOf(workload).stall(workload);
  if (!stall || stall.sinceAt + 1_000 < startedAt) return healthy("progressDeadline");
  const states = podStates(rollout, now);
  const missing = Math.max(0, Math.min(revision.desiredReplicas, rollout.wanted) - states.length);
  const unwell = states.filter(({ is }) => is === "unwell");
  const waiting = states.filter(({ is }) => is === "waiting");
  const absent = Array.from({ length: missing }, () => undefined);
  // Whom nobody refuses, nobody has tried to make: the controller is away.
  const refused = rulesOf(workload).refusedPods(workload, revision) === undefined ? [] : absent;
  const all = [...states, ...absent];
  const tolerated = toleratedUnready(rollout);
  const notWell = [...unwell, ...waiting, ...absent].slice(tolerated);
  if (!isMajority(notWell, all.slice(tolerated))) return healthy("progressDeadline");
  // A deadline that ran out during an outage says nothing; the next one counts from its end.
  const graceMs = stall.sinceAt < clocksFromAt ? workload.progressDeadlineSeconds * 1_000 : 0;
  const isFailingMajority = isMajority([...unwell, ...refused].slice(tolerated), all.slice(tolerated));
  const untilAt = isFailingMajority
    ? countsAt(rollout, stall.sinceAt, patienceWith("mistake", graceMs))
    : Math.max(
        absent.length > refused.length ? startedAt + LONGEST_MS : 0,
        ...waiting.map((state) => state.untilAt ?? Number.POSITIVE_INFINITY),
      );
  const found = {
    sinceAt: stall.sinceAt,
    restsOn: groundsIn(rollout, "pods"),
    ...fault(
      "ProgressDeadlineExceeded",
      `Kubernetes reports no progress for ${workload.progressDeadlineSeconds} s: ${wellCount(states)} of ${all.length} new pods are ready${whyNot(unwell, waiting, missing)}`,
      [
        stall.evidence,
        ...[...unwell, ...waiting].map(({ pod, why }) => `pod ${pod.name}: ${why}`),
        ...unwell.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, INFORMATIVE)),
        ...eventsAbout(rollout, revision.source.uid, ["FailedCreate"]),
      ],
    ),
    pods: unwell.map(({ pod }) => pod),
  };
  return lasting("progressDeadline", found, untilAt, now);
};

function wellCount(states: readonly PodState[]): number {
  return states.filter(({ is }) => is === "well").length;
}

function whyNot(unwell: readonly PodState[], waiting: readonly PodState[], missing: number): string {
  const [first] = [...unwell, ...waiting];
  if (first) return `; pod ${first.pod.name}: ${first.why}`;
  return missing > 0 ? `; ${missing} ${missing === 1 ? "is" : "are"} not created` : "";
}
