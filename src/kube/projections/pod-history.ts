// What earlier looks at a pod tell that its present status does not. Kept from one projection of the pod to the next.
import type { ContainerView, Instability } from "../../domain/snapshot/pod.ts";
import type { TrackedPod } from "./start-trouble.ts";

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
  if (!isReady) return { losses: losses + 1, unreadyMs };
  const wasLost = losses > 0 && runsOnSinceAt < previous.readyChangedAt;
  return wasLost ? { losses, unreadyMs: unreadyMs + (readyChangedAt - previous.readyChangedAt) } : known;
}

/** When a container of the pod first ended otherwise than an init container should, as far as it was observed. */
export function firstFailureAt(
  previous: TrackedPod | undefined,
  containers: readonly ContainerView[],
): number | undefined {
  if (previous?.firstFailureAt !== undefined) return previous.firstFailureAt;
  let first: number | undefined;
  for (const { kind, state, last } of containers) {
    const isDone = kind === "init" && state.is === "terminated" && state.exitCode === 0;
    const end = last ?? (state.is === "terminated" && !isDone ? state : undefined);
    if (end !== undefined) first = Math.min(first ?? end.finishedAt, end.finishedAt);
  }
  return first;
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
