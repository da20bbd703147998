// Containers, init containers and sidecars that exit again and again. Pure.
// Counts failures from restartCount and terminated states: the waiting reason flickers between back-offs, and
// pods turn Ready between crashes (kubernetes-facts: restart timing; recording crash-loop-missing-env).
import { formatDuration } from "../../api/duration.ts";
import type { FindingReason } from "../../api/reasons.ts";
import { isWidespread } from "../rollout/rollout.ts";
import type { ContainerView, PodView, TerminatedState } from "../snapshot.ts";
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

/** A container that failed and has run for this long since is taken to have found its feet. */
const STEADY_MS = 30_000;

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

interface FailedContainer {
  readonly pod: PodView;
  readonly container: ContainerView;
  /** How often it ended without being meant to. */
  readonly failures: number;
  readonly end: TerminatedState | undefined;
}

/** The pod's container with the most failures, of those that have not run steadily since their last one. */
function failingContainer(pod: PodView, now: number): FailedContainer | undefined {
  return pod.containers
    .filter((container) => !isSteady(container, now))
    .map((container) => ({ pod, container, failures: failuresOf(container), end: lastEnd(container) }))
    .filter(({ failures }) => failures > 0)
    .sort((a, b) => b.failures - a.failures)[0];
}

function isSteady({ state, isReady }: ContainerView, now: number): boolean {
  return state.is === "running" && isReady && now - state.startedAt >= STEADY_MS;
}

/**
 * Restarts, and one more when it has ended and was not restarted yet. Ends by the node's doing do not count, nor do
 * the failures of an init container that has succeeded since: waiting for something by failing is common.
 */
function failuresOf(container: ContainerView): number {
  const { state, last, restarts, kind } = container;
  if (state.is === "terminated" && state.exitCode === 0 && kind === "init") return 0;
  const waitsForRestart = state.is === "waiting" && last !== undefined;
  const ended = state.is === "terminated" || waitsForRestart ? 1 : 0;
  const byNode = isNodesDoing(state.is === "terminated" ? state : last) ? 1 : 0;
  return Math.max(0, restarts + ended - byNode);
}

/** A status that the kubelet could not know (node restart) says nothing about the application. */
function isNodesDoing(end: TerminatedState | undefined): boolean {
  return end?.reason === "ContainerStatusUnknown" || end?.reason === "Unknown";
}

function lastEnd({ state, last }: ContainerView): TerminatedState | undefined {
  return state.is === "terminated" ? state : last;
}

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
