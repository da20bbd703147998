// What the guard remembers of how a revision is while nothing is rolled out: what the next rollout is compared with. Pure.
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { PodView } from "../snapshot/pod.ts";
import { isObserved } from "../workload/observed.ts";
import { failingContainer, failuresOfPod, lastFailureAt } from "./crashes.ts";
import type { Rollout } from "./rollout.ts";
import { lostReadinessAt, runningSince } from "./start-times.ts";

/** Pods that are younger are still starting. */
const SETTLED_MS = 180_000;
/** Failures are counted by the hour only for pods that have lived for some time. */
const COUNTED_MS = 300_000;
const HOUR_MS = 3_600_000;
/** Steps in which the share of ready pods is remembered, so that status does not change all the time. */
const PERCENT_STEP = 5;

/** The part of a ledger entry that says how the revision behaves. */
export type RevisionMemory = Pick<LedgerEntry, "readyPercent" | "failuresPerHour" | "failedStarts">;

/**
 * What the pods of the present revision show now; undefined while old pods are left, pods are starting, have begun to fail, or none is well.
 */
export function memoryOf(rollout: Rollout, now: number): RevisionMemory | undefined {
  const { workload, pods } = rollout;
  const { desiredReplicas, replicas, updatedReplicas, readyReplicas } = workload;
  const isAlone = replicas === desiredReplicas && updatedReplicas === desiredReplicas;
  if (!isObserved(workload) || !isAlone || readyReplicas === 0 || pods.length < desiredReplicas)
    return undefined;
  if (pods.some(({ createdAt }) => now - createdAt < SETTLED_MS)) return undefined;
  if (pods.some((pod) => isNewFailure(pod, now))) return undefined;
  const readyPercent =
    PERCENT_STEP * Math.round((100 / PERCENT_STEP) * mean(pods.map((pod) => readyShare(pod, now))));
  const failuresPerHour = Math.round(mean(pods.map((pod) => failureRate(pod, now))));
  const failedStarts = Math.max(0, ...pods.map((pod) => failedStartsOf(pod, now)));
  return {
    ...(readyPercent < 100 && { readyPercent }),
    ...(failuresPerHour > 0 && { failuresPerHour }),
    ...(failedStarts > 0 && { failedStarts }),
  };
}

/**
 * Whether the pod fails after it ran without a failure for more than half of its life: that is no part of how the revision
 * is. Of a pod that had failed before it was first seen nobody knows how long it did so.
 */
function isNewFailure(pod: PodView, now: number): boolean {
  const { firstFailureAt, hadFailedBefore = false, createdAt } = pod;
  if (firstFailureAt === undefined || hadFailedBefore || failingContainer(pod, now) === undefined)
    return false;
  return firstFailureAt - createdAt > (now - createdAt) / 2;
}

/** Fewer spells of unreadiness are accidents, and not how the application is. */
const ENOUGH_LOSSES = 3;

/** The share of its life, since it could be ready, in which the pod was: 0 for a passive one that never is. */
function readyShare(pod: PodView, now: number): number {
  const lostAt = lostReadinessAt(pod);
  if (!pod.isReady && lostAt === undefined) return 0;
  const { unreadyMs = 0, losses = 0 } = pod.instability ?? {};
  if (losses < ENOUGH_LOSSES) return 1;
  const lifeMs = Math.max(1, now - (runningSince(pod) ?? pod.createdAt));
  return Math.max(0, 1 - (unreadyMs + (lostAt === undefined ? 0 : now - lostAt)) / lifeMs);
}

/** Failed ends of the pod's containers an hour; those before one start succeeded are not among them. */
function failureRate(pod: PodView, now: number): number {
  const ageMs = now - pod.createdAt;
  const failures = failuresOfPod(pod);
  if (failures === 0 || ageMs < COUNTED_MS || failedStartsOf(pod, now) > 0) return 0;
  return failures / (ageMs / HOUR_MS);
}

/** How often the pod failed before it ran for good: all failures are in the first part of its life, and it runs steadily. */
function failedStartsOf(pod: PodView, now: number): number {
  const lastAt = lastFailureAt(pod);
  if (lastAt === undefined || failingContainer(pod, now) !== undefined) return 0;
  return lastAt - pod.createdAt < (now - pod.createdAt) / 3 ? failuresOfPod(pod) : 0;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}
