// Containers, init containers and sidecars that exit again and again. Pure.
// Counts failures from restartCount and terminated states: the waiting reason flickers between back-offs, and
// pods turn Ready between crashes (kubernetes-facts: restart timing; recording crash-loop-missing-env).
import { formatDuration } from "../../api/duration.ts";
import type { FindingReason } from "../../api/reasons.ts";
import {
  endsByDesign,
  type FailedContainer,
  failingContainer,
  survivedFailures,
  toleratedFailures,
  usualFailures,
} from "../rollout/crashes.ts";
import { isMajority } from "../rollout/pods.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { ContainerView, PodView, TerminatedState } from "../snapshot/pod.ts";
import {
  type AffectedPod,
  type Check,
  eventsAbout,
  fault,
  findingOfPods,
  healthy,
  mostFrequent,
  podShare,
} from "./fault.ts";
import { countsAt, MORE_THAN_A_THIRD, patienceWith } from "./urgency.ts";

export const crashLoop: Check = (rollout, now) => {
  const { policy, pods } = rollout;
  if (!policy.spec.checks.crashLoop.enabled) return healthy("crashLoop");
  const isWorker = endsByDesign(rollout);
  const failed = pods.flatMap((pod) => failingContainer(pod, now, isWorker) ?? []);
  const looping = failed.filter(({ pod, failures }) => failures > toleratedFailures(rollout, pod, now));
  const isLooping = isMajority(looping, pods);
  const patience = patienceWith("behaviour", 0, policy.crashMs);
  const counted = isLooping ? looping : failed;
  const affected = counted.map(({ pod, end }): AffectedPod => {
    const firstAt = pod.firstFailureAt ?? end?.finishedAt ?? pod.createdAt;
    const untilAt = isLooping
      ? countsAt(rollout, firstAt, patience, MORE_THAN_A_THIRD)
      : Number.POSITIVE_INFINITY;
    return { pod, sinceAt: end?.startedAt ?? pod.createdAt, untilAt };
  });
  return findingOfPods(rollout, now, {
    check: "crashLoop",
    affected,
    needsSecondPod: true,
    isSuspicious: counted.some((one) => isSuspicious(rollout, one, now)),
    describe: () => {
      const [first] = counted;
      const restarts = Math.max(0, ...counted.map(({ container }) => container.restarts));
      const message =
        `${podShare(counted, rollout)}: ${first?.container.kind === "init" ? "init container" : "container"} ` +
        `${first?.container.name} ${exitOf(first?.end)} (${restarts} ${restarts === 1 ? "restart" : "restarts"})`;
      return fault(mostFrequent(counted.map(reasonOf)) ?? "CrashLooping", message, [
        ...counted.map(({ pod, container, end }) => evidence(pod, container, end)),
        ...counted.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["BackOff", "Unhealthy", "Killing"])),
      ]);
    },
  });
};

/** It failed more often than usual, and nothing says yet that so many failures can be survived. That it runs again does not. */
function isSuspicious(rollout: Rollout, failed: FailedContainer, now: number): boolean {
  return failed.failures > Math.max(usualFailures(rollout), survivedFailures(rollout, failed, now));
}

function reasonOf({ container, end }: FailedContainer): FindingReason {
  if (end?.reason === "OOMKilled") return "OutOfMemory";
  return container.kind === "init" ? "InitContainerFailing" : "CrashLooping";
}

function exitOf(end: TerminatedState | undefined): string {
  if (!end) return "keeps exiting";
  return end.reason === "OOMKilled"
    ? "keeps running out of memory (OOMKilled)"
    : `keeps exiting with code ${end.exitCode}`;
}

function evidence(pod: PodView, container: ContainerView, end: TerminatedState | undefined): string {
  const place = `pod ${pod.name}, container ${container.name}: ${container.restarts} restarts`;
  if (!end) return place;
  const ranFor = formatDuration(end.finishedAt - end.startedAt);
  const lastWords = end.message ? `, last message: ${end.message.trim()}` : "";
  return `${place}; last terminated as ${end.reason}, exit code ${end.exitCode}, after ${ranFor}${lastWords}`;
}
