// Which container of a pod fails again and again, and how it ended. Pure.
// Counted from restartCount and terminated states: the waiting reason flickers between back-offs.
import type { ContainerView, PodView, TerminatedState } from "../snapshot/pod.ts";

/** A container that failed and has run for this long since is taken to have found its feet. */
const STEADY_MS = 30_000;

export interface FailedContainer {
  readonly pod: PodView;
  readonly container: ContainerView;
  /** How often it ended without being meant to. */
  readonly failures: number;
  readonly end: TerminatedState | undefined;
}

/** The pod's container with the most failures, of those that have not run steadily since their last one. */
export function failingContainer(pod: PodView, now: number): FailedContainer | undefined {
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
