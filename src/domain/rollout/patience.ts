// How long a running pod may be unready before it counts as failing (design section 4, "Two clocks"). Pure.

import { formatDuration } from "../../api/duration.ts";
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { ProbeView } from "../snapshot/probe.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { isBackAgain } from "./lost-nodes.ts";
import { probeFailureOf } from "./probe-failures.ts";
import { ledgerEntry } from "./revisions.ts";
import type { Rollout } from "./rollout.ts";

/** The least time for an application where nothing tells a slow start from a fault: twice that of the recordings. */
const ORDINARY_MS = 40_000;
/** The least time for it where the failing probe's port or path was changed by this very rollout. */
const CHANGED_PROBE_MS = 20_000;
/** To both comes the time in which a probe notices that the application is there: its period, and at least this. */
const NOTICE_MS = 5_000;
/** The least patience while the probe fails the way a slow start does: connection refused, or "503, not yet". */
const STARTING_MS = 90_000;
/** The least patience for readiness gates: they are set from outside, by load balancers that take minutes. */
const READINESS_GATE_MS = 180_000;

/** The patience for one pod, and the reason for it in words. */
export interface Patience {
  readonly patienceMs: number;
  readonly because: string;
}

/**
 * A duration in the guard is taken as it is. Auto is the longest of: a floor that depends on the strength of the
 * evidence; what the pod's own probes allow; twice what the good revision's (or this one's) slowest pod took. To it
 * comes how late the node tells things: a pod that is ready and of which nobody has heard yet looks just the same.
 */
export function readinessPatience(rollout: Rollout, pod: PodView): Patience {
  const { readinessMs } = rollout.policy;
  if (readinessMs !== undefined) return { patienceMs: readinessMs, because: "the guard says so" };
  const candidates: Patience[] = [
    floor(rollout, pod),
    { patienceMs: probeAllowanceMs(rollout, pod), because: "its probes allow that long" },
    { patienceMs: 2 * slowestReadyMs(rollout), because: "twice what the slowest good pod took" },
  ];
  const longest = candidates.reduce((one, other) => (other.patienceMs > one.patienceMs ? other : one));
  const { reportLagMs } = rollout.snapshot.surroundings;
  if (reportLagMs === undefined) return longest;
  const because = `${longest.because}, and its node tells things ${formatDuration(reportLagMs)} late`;
  return { patienceMs: longest.patienceMs + reportLagMs, because };
}

function floor(rollout: Rollout, pod: PodView): Patience {
  if (pod.readyReason === "ReadinessGatesNotReady") {
    return { patienceMs: READINESS_GATE_MS, because: "a readiness gate is set from outside" };
  }
  const unready = unreadyContainers(rollout, pod);
  const noticeMs = Math.max(NOTICE_MS, ...unready.map(({ readiness }) => readiness?.periodMs ?? 0));
  if (unready.some((container) => probeChange(rollout, container) !== undefined)) {
    return { patienceMs: CHANGED_PROBE_MS + noticeMs, because: "this rollout changed what its probe asks" };
  }
  const failure = probeFailureOf(pod, rollout.snapshot.events);
  if (failure?.kind === "refused" || failure?.kind === "unavailable") {
    return { patienceMs: STARTING_MS, because: "it may still be starting" };
  }
  return { patienceMs: ORDINARY_MS + noticeMs, because: "a slow start looks the same until then" };
}

/** What a rollout changed about the probe of a container: its target before and after; undefined when nothing. */
export function probeChange(
  rollout: Rollout,
  container: ContainerTemplateView,
): { readonly before: string; readonly after: string } | undefined {
  const before = rollout.baseline?.template.containers.find(({ name }) => name === container.name);
  for (const which of ["readiness", "startup"] as const) {
    const [old, present] = [before?.[which]?.target, container[which]?.target];
    if (old !== undefined && present !== undefined && old !== present) return { before: old, after: present };
  }
  return undefined;
}

/** The templates of the pod's containers that keep it from being ready. */
export function unreadyContainers(rollout: Rollout, pod: PodView): readonly ContainerTemplateView[] {
  const unready = new Set(
    pod.containers.filter(({ isReady, kind }) => !isReady && kind !== "init").map(({ name }) => name),
  );
  return rollout.revision.template.containers.filter(({ name }) => unready.has(name));
}

/** The longest time from start to ready that the probes of the unready containers allow a healthy one. */
function probeAllowanceMs(rollout: Rollout, pod: PodView): number {
  return Math.max(0, ...unreadyContainers(rollout, pod).map(allowanceOf));
}

/**
 * Startup probe first, then readiness: initial delay + period × the attempts that may pass before a verdict,
 * plus one time-out (the kubelet's prober: the readiness probe waits until the startup probe has succeeded).
 */
function allowanceOf(container: ContainerTemplateView): number {
  const startup = container.startup ? attemptsMs(container.startup) : 0;
  const readiness = container.readiness ? attemptsMs(container.readiness) : 0;
  return startup + readiness;
}

function attemptsMs(probe: ProbeView): number {
  const attempts = probe.failureThreshold + probe.successThreshold - 1;
  return probe.initialDelayMs + probe.periodMs * attempts + probe.timeoutMs;
}

/** What the slowest ready pod took, of the baseline or of this revision; 0 when nothing is known. */
export function slowestReadyMs(rollout: Rollout): number {
  const { snapshot, baseline, revision, workload } = rollout;
  const seen: number[] = [];
  for (const { hash, id, template } of baseline ? [baseline, revision] : [revision]) {
    const { hasReadinessGates } = template;
    const entry = ledgerEntry(snapshot, hash);
    if (entry?.secondsToReady !== undefined) seen.push(entry.secondsToReady * 1_000);
    for (const pod of snapshot.pods) {
      if (pod.revisionId !== id || isBackAgain(rollout, pod) || wasReadyBefore(pod, entry)) continue;
      const durationMs = timeToReadyMs(pod, hasReadinessGates);
      if (durationMs !== undefined) seen.push(durationMs);
    }
  }
  // Longer than the progress deadline is no start-up time: such a pod lost and regained readiness later in its life.
  return Math.max(0, ...seen.filter((durationMs) => durationMs <= workload.progressDeadlineSeconds * 1_000));
}

/** Whether the pod became ready again after all pods of its revision had been available: that is no start. */
function wasReadyBefore({ createdAt, readyChangedAt }: PodView, entry: LedgerEntry | undefined): boolean {
  if (entry === undefined || entry.verdict === "Bad") return false;
  const availableAt = Date.parse(entry.since);
  return createdAt < availableAt && readyChangedAt > availableAt + 1_000;
}

/**
 * From start to ready, for a ready pod that was never restarted; undefined for others. Where no gate comes after the
 * containers it is their readiness that counts: the Ready condition begins anew when a lost node comes back.
 */
export function timeToReadyMs(pod: PodView, hasReadinessGates: boolean): number | undefined {
  if (!pod.isReady || pod.containers.some(({ restarts }) => restarts > 0)) return undefined;
  const startedAt = runningSince(pod);
  const readyAt = hasReadinessGates ? pod.readyChangedAt : (pod.containersReadyAt ?? pod.readyChangedAt);
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
