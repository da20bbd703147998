// Which new pods are well, which are not, and which have a reason to take longer than Kubernetes' deadline. Pure.
import { differsIn } from "../changes/differs-in.ts";
import type { PodView } from "../snapshot/pod.ts";
import { patienceNow } from "./patience.ts";
import { isBeforeStart, isBeingCreated, lastComplaint, volumeComplaints } from "./pod-creation.ts";
import { isNodeFailure } from "./pods.ts";
import type { Rollout } from "./rollout.ts";
import { runningSince } from "./start-times.ts";

/** Nobody is waited for longer: an image that is pulled for an hour is not pulled any more. */
export const LONGEST_MS = 3_600_000;

/** How a pod is, and why. */
export interface PodState {
  readonly pod: PodView;
  readonly is: "well" | "waiting" | "unwell";
  /** Until when it can be waited for (epoch ms). */
  readonly untilAt?: number | undefined;
  readonly why: string;
}

/** The states of the rollout's pods. */
export function podStates(rollout: Rollout, now: number): readonly PodState[] {
  return rollout.pods.map((pod) => stateOf(rollout, pod, now));
}

function stateOf(rollout: Rollout, pod: PodView, now: number): PodState {
  if (pod.isReady) return { pod, is: "well", why: "ready" };
  if (isNodeFailure(pod)) return { pod, is: "waiting", why: "its node is unreachable" };
  const waiting =
    unseenState(rollout, pod) ??
    initState(pod) ??
    startState(rollout, pod) ??
    creationState(rollout, pod, now);
  if (waiting !== undefined && waiting.untilAt > now) return { pod, is: "waiting", ...waiting };
  return { pod, is: "unwell", why: waiting?.why ?? lastComplaint(rollout, pod, now) };
}

interface Waiting {
  readonly untilAt: number;
  readonly why: string;
}

/**
 * No scheduler has looked at it, or a gate holds it back: the scheduler is away, or whoever takes the gate. Not where this release
 * asks for another scheduler or for the gate.
 */
function unseenState(
  { baseline, revision }: Rollout,
  { scheduled, createdAt }: PodView,
): Waiting | undefined {
  const isGated = scheduled.reason === "SchedulingGated";
  if (scheduled.ok || (scheduled.reason !== undefined && !isGated)) return undefined;
  const isChanged = baseline === undefined || differsIn(SCHEDULED_BY, baseline.template, revision.template);
  if (isChanged) return undefined;
  return {
    untilAt: createdAt + LONGEST_MS,
    why: isGated ? "a scheduling gate holds it back" : "no scheduler has handled it",
  };
}

const SCHEDULED_BY = ["schedulerName", "schedulingGates"] as const;

/** An init container runs and has not failed: a migration takes as long as it takes. */
function initState(pod: PodView): Waiting | undefined {
  const init = runningInitContainer(pod);
  if (init === undefined) return undefined;
  return { untilAt: init.startedAt + LONGEST_MS, why: `init container ${init.name} is running` };
}

/** The init container that runs without having failed, and since when; undefined when none does. */
export function runningInitContainer({
  containers,
}: PodView): { readonly name: string; readonly startedAt: number } | undefined {
  for (const { name, kind, state, restarts } of containers) {
    if (kind === "init" && state.is === "running" && restarts === 0)
      return { name, startedAt: state.startedAt };
  }
  return undefined;
}

/** It runs, and its startup probe allows longer, or the good revision took longer; one that was killed has had its time. */
function startState(rollout: Rollout, pod: PodView): Waiting | undefined {
  const runningSinceAt = runningSince(pod);
  if (runningSinceAt === undefined || pod.firstFailureAt !== undefined) return undefined;
  const { patienceMs } = patienceNow(rollout, pod);
  return { untilAt: runningSinceAt + patienceMs, why: "it is running but not ready" };
}

/** It is being created, and nobody complains: an image is being pulled. */
function creationState(rollout: Rollout, pod: PodView, now: number): Waiting | undefined {
  if (!isBeforeStart(pod)) return undefined;
  if (isBeingCreated(pod) && volumeComplaints(rollout, pod, now).length > 0) return undefined;
  return {
    untilAt: (pod.initializedAt ?? pod.scheduled.at) + LONGEST_MS,
    why: "its image is being pulled, or its volumes are being mounted",
  };
}
