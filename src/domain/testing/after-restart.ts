// What an operator knows that has just started: what the cluster's objects say, and nothing of what was seen before.
import type { PodView } from "../snapshot/pod.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { frozen } from "./frozen.ts";

/** The snapshot without what only the caches remember, as the first one after a start at `now`. */
export function afterRestart(snapshot: Snapshot, now: number): Snapshot {
  // Of an outage that is over the workload's condition tells when it ended.
  const outages = snapshot.surroundings.outages.map((outage) =>
    outage.upAt === undefined ? outage : { ...outage, downSinceAt: undefined },
  );
  return frozen({
    ...snapshot,
    pods: snapshot.pods.map((pod) => unseen(pod, now)),
    services: snapshot.services.map((service) => uncounted(service, now)),
    surroundings: { ...snapshot.surroundings, outages },
  });
}

/** Its spans of unreadiness are gone, its start trouble begins now, and of its failures those are left that it shows. */
function unseen(
  { instability: _spans, startFailure, firstFailureAt: _first, ...pod }: PodView,
  now: number,
): PodView {
  const firstFailureAt = shownFailureAt(pod);
  return {
    ...pod,
    ...(startFailure && { startFailure: { ...startFailure, sinceAt: now } }),
    ...(firstFailureAt !== undefined && { firstFailureAt, hadFailedBefore: true }),
  };
}

/** The first failed end of a container that the pod's status shows (epoch ms): the kubelet keeps the last one of each. */
export function shownFailureAt({ containers }: Pick<PodView, "containers">): number | undefined {
  const ends = containers.flatMap(({ kind, state, last }) => {
    const isDone = kind === "init" && state.is === "terminated" && state.exitCode === 0;
    const end = last ?? (state.is === "terminated" && !isDone ? state : undefined);
    return end ? [end.finishedAt] : [];
  });
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

/** Its endpoints are counted for the first time. */
function uncounted(service: ServiceView, now: number): ServiceView {
  const { readyEndpoints, emptySinceAt: _empty, ...known } = service;
  return {
    ...known,
    readyEndpoints,
    sawLoss: false,
    changes: [{ at: now, ready: readyEndpoints }],
    ...(readyEndpoints === 0 && { emptySinceAt: now }),
  };
}
