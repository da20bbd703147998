// How long pods took from start to ready: what the next rollout may take twice. Pure.
import { type KnownRevision, knownOf } from "../history/history.ts";
import type { PodView } from "../snapshot/pod.ts";
import { isReadyAgain } from "./lost-nodes.ts";
import type { Rollout } from "./rollout.ts";

/** Nobody learns a longer start than this, whatever a revision has shown. */
const LONGEST_MS = 1_800_000;

/**
 * How long a start of the baseline, or of this revision, takes (ms); 0 when nothing is known. What the guard remembers from
 * its rollout counts first: pods that run for days have lost and regained readiness since. Else it is the median of its
 * pods: one that flapped once is no start.
 */
export function startTimeMs(rollout: Rollout): number {
  const { baseline, revision } = rollout;
  const allowedMs = longestStartMs(rollout);
  const times = (baseline ? [baseline, revision] : [revision]).map(({ hash, id }) => {
    const known = knownOf(rollout.history, hash);
    const remembered = known.entry?.secondsToReady;
    const timeMs = remembered === undefined ? medianMs(rollout, id, known) : remembered * 1_000;
    return timeMs <= (remembered === undefined ? allowedMs : Math.max(allowedMs, LONGEST_MS)) ? timeMs : 0;
  });
  return Math.max(0, ...times);
}

/**
 * The longest start of a revision that is complete (ms), to be remembered; undefined when its pods show none. A pod that became ready
 * later had lost readiness, or was made later: only where no other is left it is heard.
 */
export function longestStartOf({
  pods,
  completedAt = Number.POSITIVE_INFINITY,
}: Rollout): number | undefined {
  const steady = pods.filter(({ instability }) => instability === undefined);
  const first = steady.filter((pod) => readyAt(pod) <= completedAt + 1_000);
  const later = steady.filter(({ createdAt }) => createdAt > completedAt);
  const times = (first.length > 0 ? first : later).flatMap((pod) => timeToReadyMs(pod) ?? []);
  return times.length > 0 ? Math.max(...times) : undefined;
}

function medianMs(rollout: Rollout, revisionId: string, known: KnownRevision): number {
  const times = rollout.snapshot.pods
    .filter((pod) => pod.revisionId === revisionId && !isReadyAgain(rollout, pod))
    .filter((pod) => pod.instability === undefined && !wasReadyBefore(pod, known))
    .flatMap((pod) => timeToReadyMs(pod) ?? [])
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

/** Longer than the workload's own deadline is a start that nobody has seen only where its startup probes allow that long. */
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
  return startedAt === undefined ? undefined : Math.max(0, readyAt(pod) - startedAt);
}

function readyAt({ hasReadinessGates, readyChangedAt, containersReadyAt }: PodView): number {
  return hasReadinessGates === true ? readyChangedAt : (containersReadyAt ?? readyChangedAt);
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
