// How long a running pod may be unready while service is lost, before it counts as failing. Pure.

import { formatDuration } from "../../api/duration.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { ProbeView } from "../snapshot/probe.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { losesService } from "./loss.ts";
import { probeFailureOf } from "./probe-failures.ts";
import type { Rollout } from "./rollout.ts";
import { startTimeMs } from "./start-times.ts";

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

/** Applications exit until their dependency is there, start slowly, answer late: so long, if nobody is hurt. */
export const BEHAVIOUR_MS = 150_000;

/** The patience with one pod while service is lost, and why it is longer or shorter than usual; undefined when it is not. */
export interface ReadinessPatience {
  readonly patienceMs: number;
  readonly because?: string | undefined;
}

/**
 * A duration in the guard is taken as it is. Auto is the longest of: a floor that depends on the strength of the
 * evidence; what the pod's own probes allow; twice what the good revision's (or this one's) slowest pod took. To it
 * comes how late the node reports: a pod that is ready and of which nobody has heard yet looks just the same.
 */
export function readinessPatience(rollout: Rollout, pod: PodView): ReadinessPatience {
  const { readinessMs } = rollout.policy;
  if (readinessMs !== undefined) return { patienceMs: readinessMs, because: "as set in the guard" };
  const candidates: ReadinessPatience[] = [
    floor(rollout, pod),
    { patienceMs: probeAllowanceMs(rollout, pod), because: "as its probes allow" },
    { patienceMs: 2 * startTimeMs(rollout), because: "twice the start time of the good revision" },
  ];
  const longest = candidates.reduce((one, other) => (other.patienceMs > one.patienceMs ? other : one));
  const { reportLagMs } = rollout.snapshot.surroundings;
  if (reportLagMs === undefined) return longest;
  const late = `including ${formatDuration(reportLagMs)} because its node reports late`;
  const because = longest.because === undefined ? late : `${longest.because}, ${late}`;
  return { patienceMs: longest.patienceMs + reportLagMs, because };
}

function floor(rollout: Rollout, pod: PodView): ReadinessPatience {
  if (pod.readyReason === "ReadinessGatesNotReady") {
    return { patienceMs: READINESS_GATE_MS, because: "readiness gates can take minutes" };
  }
  const unready = unreadyContainers(rollout, pod);
  const noticeMs = Math.max(NOTICE_MS, ...unready.map(({ readiness }) => readiness?.periodMs ?? 0));
  if (unready.some((container) => probeChange(rollout, container) && !movedWithItsPort(rollout, container))) {
    return { patienceMs: CHANGED_PROBE_MS + noticeMs, because: "this rollout changed its probe" };
  }
  const failure = probeFailureOf(pod, rollout.snapshot.events);
  if (failure?.kind === "refused" || failure?.kind === "unavailable") {
    return { patienceMs: STARTING_MS, because: "its probe fails as during a slow start" };
  }
  return { patienceMs: ORDINARY_MS + noticeMs };
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

/**
 * Whether the probe's port is declared by the container, the former one was and is not any more, and no Service sends
 * to the former one: then the application moved as a whole, and the changed probe proves nothing.
 */
function movedWithItsPort(rollout: Rollout, container: ContainerTemplateView): boolean {
  const former = rollout.baseline?.template.containers.find(({ name }) => name === container.name);
  const [from, to] = [former?.readiness?.port, container.readiness?.port];
  if (former === undefined || from === undefined || to === undefined || from === to) return false;
  const declares = ({ ports }: ContainerTemplateView, number: number) =>
    ports.some(({ port }) => port === number);
  const isLeftBehind = rollout.services.some(({ ports }) =>
    ports.some(({ targetPort }) => targetPort === from),
  );
  return declares(container, to) && declares(former, from) && !declares(container, from) && !isLeftBehind;
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

/** As {@link readinessPatience}, and at least the time of what the release does while nobody is hurt. */
export function patienceNow(rollout: Rollout, pod: PodView): ReadinessPatience {
  const own = readinessPatience(rollout, pod);
  const isPatient = !losesService(rollout) && rollout.policy.readinessMs === undefined;
  if (!isPatient || own.patienceMs >= BEHAVIOUR_MS) return own;
  const kept = rollout.loss.share === 0 ? "endpoints" : "more than a quarter of its endpoints";
  return { patienceMs: BEHAVIOUR_MS, because: `no Service has lost ${kept}` };
}
