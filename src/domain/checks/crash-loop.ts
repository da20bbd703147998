// Containers, init containers and sidecars that exit again and again. Pure.
// Counts failures from restartCount and terminated states: the waiting reason flickers between back-offs, and
// pods turn Ready between crashes (kubernetes-facts: restart timing; recording crash-loop-missing-env).
import { formatDuration } from "../../api/duration.ts";
import type { FindingReason } from "../../api/reasons.ts";
import { type FailedContainer, failingContainer } from "../rollout/crashes.ts";
import { isWidespread } from "../rollout/rollout.ts";
import type { ContainerView, PodView, TerminatedState } from "../snapshot/pod.ts";
import {
  type AffectedPod,
  type Check,
  eventsAbout,
  findingOfPods,
  healthy,
  mostFrequent,
  podShare,
  told,
} from "./fault.ts";

export const crashLoop: Check = (rollout, now) => {
  if (!rollout.policy.spec.checks.crashLoop.enabled) return healthy("crashLoop");
  const failed = rollout.pods.flatMap((pod) => failingContainer(pod, now) ?? []);
  const looping = failed.filter(({ failures }) => failures > rollout.policy.crashRestarts);
  const isLooping = isWidespread(looping, rollout.pods);
  const affected = (isLooping ? looping : failed).map(({ pod, end }): AffectedPod => {
    const sinceAt = end?.startedAt ?? pod.createdAt;
    return { pod, sinceAt, untilAt: isLooping ? now : Number.POSITIVE_INFINITY };
  });
  return findingOfPods("crashLoop", rollout, affected, now, () => {
    const told_ = isLooping ? looping : failed;
    const [first] = told_;
    const restarts = Math.max(0, ...told_.map(({ container }) => container.restarts));
    const message =
      `${podShare(told_, rollout)}: ${first?.container.kind === "init" ? "init container" : "container"} ` +
      `${first?.container.name} ${exitOf(first?.end)} again and again (restarted ${restarts} ${restarts === 1 ? "time" : "times"})`;
    return told(mostFrequent(told_.map(reasonOf)) ?? "CrashLooping", message, [
      ...told_.map(({ pod, container, end }) => evidence(pod, container, end)),
      ...told_.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["BackOff", "Unhealthy", "Killing"])),
    ]);
  });
};

function reasonOf({ container, end }: FailedContainer): FindingReason {
  if (end?.reason === "OOMKilled") return "OutOfMemory";
  return container.kind === "init" ? "InitContainerFailing" : "CrashLooping";
}

function exitOf(end: TerminatedState | undefined): string {
  if (!end) return "exits";
  return end.reason === "OOMKilled" ? "is killed for its memory" : `exits with code ${end.exitCode}`;
}

function evidence(pod: PodView, container: ContainerView, end: TerminatedState | undefined): string {
  const place = `pod ${pod.name}, container ${container.name}: ${container.restarts} restarts`;
  if (!end) return place;
  const ranFor = formatDuration(end.finishedAt - end.startedAt);
  const lastWords = end.message ? `, it wrote: ${end.message.trim()}` : "";
  return `${place}; last ended as ${end.reason}, exit code ${end.exitCode}, after ${ranFor}${lastWords}`;
}
