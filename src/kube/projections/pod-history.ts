// What earlier looks at a pod tell that its present status does not. Kept from one projection of the pod to the next.
import type { ContainerView, Instability } from "../../domain/snapshot/pod.ts";
import type { TrackedPod } from "./start-failure.ts";

/**
 * What is known of the pod's unready spans after this look at it. A span in which a container was started again is not
 * among them: that was a crash, and is counted as one.
 */
export function instabilityOf(
  previous: TrackedPod | undefined,
  isReady: boolean,
  readyChangedAt: number,
  containers: readonly ContainerView[],
): Instability | undefined {
  const known = previous?.instability;
  const runsOnSinceAt = runsOnSince(containers);
  if (previous === undefined || runsOnSinceAt === undefined || previous.isReady === isReady) return known;
  const { losses = 0, unreadyMs = 0 } = known ?? {};
  // The end of a container and its new start can be seen in one look.
  if (!isReady) return runsOnSinceAt >= readyChangedAt ? known : { losses: losses + 1, unreadyMs };
  const wasLost = losses > 0 && runsOnSinceAt < previous.readyChangedAt;
  return wasLost ? { losses, unreadyMs: unreadyMs + (readyChangedAt - previous.readyChangedAt) } : known;
}

/** A kubelet waits that long before a second restart, and twice as long before each further one. */
const BACK_OFF_MS = 10_000;
/** After so many the wait no longer doubles, and a container that has run for long in between is not waited for. */
const DOUBLING_RESTARTS = 7;

/**
 * When a container of the pod first ended otherwise than an init container should, as far as it was observed. Of a pod
 * that is seen for the first time only the last end is known; its first was at least the kubelet's back-off earlier.
 */
export function firstFailureAt(
  previous: TrackedPod | undefined,
  containers: readonly ContainerView[],
): number | undefined {
  if (previous?.firstFailureAt !== undefined) return previous.firstFailureAt;
  let first: number | undefined;
  for (const { kind, state, last, restarts } of containers) {
    const isDone = kind === "init" && state.is === "terminated" && state.exitCode === 0;
    const end = last ?? (state.is === "terminated" && !isDone ? state : undefined);
    if (end === undefined) continue;
    const endedAt = end.finishedAt - (previous === undefined ? backOffMs(restarts) : 0);
    first = Math.min(first ?? endedAt, endedAt);
  }
  return first;
}

/** How long the kubelet has waited, at least, between the first end of a container and the one before its last restart. */
function backOffMs(restarts: number): number {
  return BACK_OFF_MS * (2 ** Math.max(0, Math.min(restarts, DOUBLING_RESTARTS) - 2) - 1);
}

/** Since when all containers but init containers run; undefined while one does not. */
function runsOnSince(containers: readonly ContainerView[]): number | undefined {
  let latest: number | undefined;
  for (const { kind, state } of containers) {
    if (kind === "init") continue;
    if (state.is !== "running") return undefined;
    latest = Math.max(latest ?? 0, state.startedAt);
  }
  return latest;
}
