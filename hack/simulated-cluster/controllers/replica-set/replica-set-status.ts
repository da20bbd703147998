// The status of a ReplicaSet from its pods. Pure.
import type { ApiError } from "../../api-server/api-error.ts";
import type { Condition, Pod, ReplicaSet, ReplicaSetStatus } from "../../api-server/kinds.ts";
import { containsLabels } from "../../api-server/label-selector.ts";
import { isActive, isTerminal, readySince } from "../pod-readiness.ts";

/** Counts of the pods, and why some could not be made. */
export function computeSetStatus(
  set: ReplicaSet,
  pods: readonly Pod[],
  failure: ApiError | undefined,
  time: { now(): number; timestamp(): string },
): ReplicaSetStatus {
  const active = pods.filter(isActive);
  const ready = active.map(readySince).filter((since) => since !== undefined);
  const available = ready.filter((since) => since + minReadyMs(set) <= time.now());
  const terminating = pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isTerminal(pod));
  const labels = set.spec.template.metadata?.labels ?? {};
  const labeled = active.filter(({ metadata }) => containsLabels(labels, metadata.labels));
  const conditions = conditionsOf(set, failure, time.timestamp());
  return {
    replicas: active.length,
    fullyLabeledReplicas: labeled.length || undefined,
    readyReplicas: ready.length || undefined,
    availableReplicas: available.length || undefined,
    terminatingReplicas: terminating.length,
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** When the next ready pod has been so for `minReadySeconds` (epoch ms); undefined when none is waiting for that. */
export function nextAvailableAt(set: ReplicaSet, pods: readonly Pod[], now: number): number | undefined {
  const minReady = minReadyMs(set);
  if (minReady === 0) return undefined;
  const times = pods.filter(isActive).flatMap((pod) => {
    const since = readySince(pod);
    return since !== undefined && since + minReady > now ? [since + minReady] : [];
  });
  return times.length > 0 ? Math.min(...times) : undefined;
}

function minReadyMs({ spec }: ReplicaSet): number {
  return (spec.minReadySeconds ?? 0) * 1_000;
}

/** A failure that is told already keeps its first text; other people's conditions stay. */
function conditionsOf(
  { status }: ReplicaSet,
  failure: ApiError | undefined,
  lastTransitionTime: string,
): readonly Condition[] {
  const conditions = status.conditions ?? [];
  if (failure === undefined) return conditions.filter(({ type }) => type !== "ReplicaFailure");
  if (conditions.some(({ type }) => type === "ReplicaFailure")) return conditions;
  const { message } = failure;
  const reported = {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime,
    reason: "FailedCreate",
    message,
  };
  return [...conditions, reported as Condition];
}
