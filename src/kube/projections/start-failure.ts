// Since when a container of a pod fails to be started: the one thing that one look at a pod cannot tell,
// because the kubelet's waiting reasons flicker. Kept from one projection of the pod to the next.

import { isNeverStarted, startFailureOf } from "../../domain/rollout/waiting-reasons.ts";
import type { ContainerView, PodView, StartFailureKind } from "../../domain/snapshot/pod.ts";

/** The trouble of the pod, the longest one of its containers', and that of each container. */
export interface TrackedStartFailure {
  readonly kind: StartFailureKind;
  readonly sinceAt: number;
  readonly containers: readonly ContainerFailure[];
}

interface ContainerFailure {
  readonly name: string;
  readonly kind: StartFailureKind;
  readonly sinceAt: number;
}

/** A PodView that remembers which containers are in trouble. */
export interface TrackedPod extends PodView {
  readonly startFailure?: TrackedStartFailure | undefined;
}

/** The trouble at `at`, when the pod was observed; `previous` is that of the same pod before. */
export function trackStartFailure(
  containers: readonly ContainerView[],
  previous: TrackedStartFailure | undefined,
  at: number,
): TrackedStartFailure | undefined {
  const troubles: ContainerFailure[] = [];
  for (const container of containers) {
    const before = previous?.containers.find((trouble) => trouble.name === container.name);
    const kind = failureOf(container) ?? (isStillStarting(container) ? before?.kind : undefined);
    if (kind === undefined) continue;
    troubles.push(before?.kind === kind ? before : { name: container.name, kind, sinceAt: at });
  }
  const [first, ...others] = troubles;
  if (first === undefined) return undefined;
  const longest = others.reduce(
    (longest, trouble) => (trouble.sinceAt < longest.sinceAt ? trouble : longest),
    first,
  );
  return { kind: longest.kind, sinceAt: longest.sinceAt, containers: troubles };
}

function failureOf({ state, last }: ContainerView): StartFailureKind | undefined {
  if (state.is === "running") return undefined;
  if (state.is === "terminated") return isNeverStarted(state.reason) ? "config" : undefined;
  // Between two tries of a command that cannot be executed the kubelet says CrashLoopBackOff.
  if (state.reason === "CrashLoopBackOff") return last && isNeverStarted(last.reason) ? "config" : undefined;
  return startFailureOf(state.reason, state.message);
}

/** Waiting for the next try. A container that waits to be restarted after it ran has left the trouble behind. */
function isStillStarting({ state }: ContainerView): boolean {
  return state.is === "waiting" && state.reason !== "CrashLoopBackOff";
}
