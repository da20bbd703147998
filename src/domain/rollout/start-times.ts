// How long pods took from start to ready: what the next rollout may take twice. Pure.
import { type KnownRevision, knownOf } from "../history/history.ts";
import type { PodView } from "../snapshot/pod.ts";
import { isReadyAgain } from "./lost-nodes.ts";
import type { Rollout } from "./rollout.ts";

/**
 * How long a start of the baseline, or of this revision, takes (ms); 0 when nothing is known. What the guard remembers from
 * its rollout counts first: pods that run for days have lost and regained readiness since. Else it is the median of its
 * pods: one that flapped once is no start.
 */
export function startTimeMs(rollout: Rollout): number {
  const { baseline, revision } = rollout;
  const times = (baseline ? [baseline, revision] : [revision]).map(({ hash, id }) => {
    const known = knownOf(rollout.history, hash);
    const remembered = known.entry?.secondsToReady;
    return remembered === undefined ? medianMs(rollout, id, known) : remembered * 1_000;
  });
  return Math.max(0, ...times.filter((timeMs) => timeMs <= longestStartMs(rollout)));
}

function medianMs(rollout: Rollout, revisionId: string, known: KnownRevision): number {
  const times = rollout.snapshot.pods
    .filter((pod) => pod.revisionId === revisionId && !isReadyAgain(rollout, pod))
    .filter((pod) => pod.instability === undefined && !wasReadyBefore(pod, known))
    .flatMap((pod) => timeToReadyMs(pod) ?? [])
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

/** Longer than the workload's own deadline is a start only where its startup probes allow that long. */
function longestStartMs({ workload, revision, baseline }: Rollout): number {
  const allowances = [revision, ...(baseline ? [baseline] : [])].flatMap(({ template }) =>
    template.containers.flatMap(({ startup }) =>
      startup ? [startup.initialDelayMs + startup.periodMs * startup.failureThreshold] : [],
    ),
  );
  return Math.max(workload.progressDeadlineSeconds * 1_000, ...allowances);
}

/** Whether the pod became ready again after all pods of its revision had been available: that is no start. */
function wasReadyBefore({ createdAt, readyChangedAt }: PodView, { entry }: KnownRevision): boolean {
  if (entry?.verdict !== "Good" && entry?.verdict !== "Completed") return false;
  const availableAt = Date.parse(entry.since);
  return createdAt < availableAt && readyChangedAt > availableAt + 1_000;
}

/**
 * From start to ready, for a ready pod that was never restarted; undefined for others. Where no gate comes after the
 * containers it is their readiness that counts: the Ready condition begins again when a lost node comes back.
 */
export function timeToReadyMs(pod: PodView): number | undefined {
  if (!pod.isReady || pod.containers.some(({ restarts }) => restarts > 0)) return undefined;
  const startedAt = runningSince(pod);
  const isGated = pod.hasReadinessGates === true;
  const readyAt = isGated ? pod.readyChangedAt : (pod.containersReadyAt ?? pod.readyChangedAt);
  return startedAt === undefined ? undefined : Math.max(0, readyAt - startedAt);
}

/** When the pod lost readiness while its containers ran on; undefined when they were started since, or it is ready. */
export function lostReadinessAt(pod: PodView): number | undefined {
  const startedAt = runningSince(pod);
  const ranOn = startedAt !== undefined && pod.readyChangedAt > startedAt + 1_000;
  return !pod.isReady && ranOn ? pod.readyChangedAt : undefined;
}

/** Since when all of the pod's containers (init containers aside) run; undefined while one does not. */
export function runningSince(pod: PodView): number | undefined {
  let latest: number | undefined;
  for (const { kind, state } of pod.containers) {
    if (kind === "init") continue;
    if (state.is !== "running") return undefined;
    latest = Math.max(latest ?? 0, state.startedAt);
  }
  return latest;
}
