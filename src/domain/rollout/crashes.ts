// Which container of a pod fails again and again, how it ended, and how many failures the baseline had too. Pure.
// Counted from restartCount and terminated states: the waiting reason flickers between back-offs.
import type { ContainerView, PodView, TerminatedState } from "../snapshot/pod.ts";
import { isFrozen } from "./frozen.ts";
import type { Rollout } from "./rollout.ts";

/** A container that failed and has run for at least this long since is taken to have found its feet. */
const STEADY_MS = 30_000;
/** And for this much longer than the run that ended in its last failure: a liveness probe kills every few minutes. */
const STEADY_FACTOR = 1.5;
/** As many as the baseline needed can be needed again, and some more. */
const BASELINE_FACTOR = 2;
const HOUR_MS = 3_600_000;

export interface FailedContainer {
  readonly pod: PodView;
  readonly container: ContainerView;
  /** How often it ended without being meant to. */
  readonly failures: number;
  readonly end: TerminatedState | undefined;
}

/**
 * The pod's container with the most failures, of those that have not run steadily since their last one.
 * @param isWorker whether ends with exit code 0 are by design: see {@link endsByDesign}
 */
export function failingContainer(pod: PodView, now: number, isWorker = false): FailedContainer | undefined {
  return pod.containers
    .filter((container) => !isSteady(container, now))
    .filter((container) => !(isWorker && endedWell(container)))
    .map((container) => ({ pod, container, failures: failuresOf(container), end: lastEnd(container) }))
    .filter(({ failures }) => failures > 0)
    .sort((a, b) => b.failures - a.failures)[0];
}

function isSteady(container: ContainerView, now: number): boolean {
  const { state, isReady, last } = container;
  return (
    state.is === "running" &&
    isReady &&
    now - state.startedAt >= STEADY_MS &&
    hasOutlived(container, last, now)
  );
}

/** It runs for longer than the run did that ended so; or it is an init container that has succeeded. */
function hasOutlived({ state, kind }: ContainerView, end: TerminatedState | undefined, now: number): boolean {
  if (state.is !== "running") return kind === "init" && state.is === "terminated" && state.exitCode === 0;
  const runMs = end === undefined ? 0 : end.finishedAt - end.startedAt;
  return now - state.startedAt >= runMs * STEADY_FACTOR;
}

/**
 * Whether a container that ends with exit code 0 again and again can be meant to: a worker that is done. Unless a good
 * revision is known that does not do so.
 */
export function endsByDesign({ before }: Rollout): boolean {
  return before?.verdict !== "Good" || (before.failuresPerHour ?? 0) > 0;
}

function endedWell(container: ContainerView): boolean {
  return container.kind === "app" && lastEnd(container)?.exitCode === 0;
}

/**
 * How often a container of the pod can fail before it is a crash loop: as often as the guard allows, and as the baseline
 * did. Workers that end when their work is done, and applications that start at their sixth try, are no crash loops.
 */
export function toleratedFailures({ policy, before }: Rollout, pod: PodView, now: number): number {
  const { failedStarts = 0, failuresPerHour = 0 } = before ?? {};
  const hours = Math.max(0, now - pod.createdAt) / HOUR_MS;
  return Math.max(
    policy.crashRestarts,
    BASELINE_FACTOR * failedStarts,
    policy.crashRestarts * Math.sign(failuresPerHour) + BASELINE_FACTOR * failuresPerHour * hours,
  );
}

/**
 * How often a pod of the rollout failed that has survived since what this container failed of: a probe has found it ready, and its
 * own runs for longer. So many tries it can take. Once the rollout is paused, the pod itself has to run steadily first.
 */
export function survivedFailures(
  rollout: Rollout,
  { pod, container, end }: FailedContainer,
  now: number,
): number {
  const { pods, revision, workload } = rollout;
  const isProbed = revision.template.containers.every(
    ({ kind, readiness }) => kind !== "app" || readiness !== undefined,
  );
  if (!isProbed) return 0;
  const survivors = pods
    .filter((one) => one.isReady && (one !== pod || !isFrozen(workload, revision)))
    .filter(({ containers }) =>
      containers.some((one) => one.name === container.name && hasOutlived(one, end, now)),
    );
  return Math.max(0, ...survivors.map(failuresOfPod));
}

/** How often a container failed in the baseline without it meaning anything: Infinity where it did so all the time. */
export function usualFailures({ before }: Rollout): number {
  const { failedStarts = 0, failuresPerHour = 0 } = before ?? {};
  return failuresPerHour > 0 ? Number.POSITIVE_INFINITY : failedStarts;
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

/** When a container of the pod last ended without being meant to; undefined when none did. */
export function lastFailureAt({ containers }: PodView, isWorker = false): number | undefined {
  const ends = containers.flatMap((container) => {
    if (isWorker && endedWell(container)) return [];
    const end = failuresOf(container) > 0 ? lastEnd(container) : undefined;
    return end && !isNodesDoing(end) ? [end.finishedAt] : [];
  });
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** How often the containers of a pod have failed in all. */
export function failuresOfPod({ containers }: PodView): number {
  return containers.reduce((sum, container) => sum + failuresOf(container), 0);
}
