// PodDisruptionBudgets: how many pods may be evicted, and the refusal of an eviction too many.
import { ApiError } from "../api-server/api-error.ts";
import type { Condition, Pod, PodDisruptionBudget } from "../api-server/kinds.ts";
import { controllerOf, isSameJson } from "../api-server/kube-object.ts";
import { matchesSelector } from "../api-server/label-selector.ts";
import type { ApiObjects } from "../api-server/objects.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import { createKeyQueue, keyFor, parseKey } from "./key-queue.ts";
import { isActive, isTerminal, readySince } from "./pod-readiness.ts";

/** Keeps the budgets' status, until the cluster's time stops. */
export function startDisruptionController(parts: ClusterParts): void {
  const { objects, time } = parts;
  const queue = createKeyQueue(parts, sync, "disruption-controller");

  objects.subscribe("poddisruptionbudgets", ({ object: { metadata } }) =>
    queue.add(keyFor(metadata.namespace, metadata.name)),
  );
  objects.subscribe("pods", ({ object }) => {
    for (const { metadata } of budgetsFor(objects, object as Pod)) {
      queue.add(keyFor(metadata.namespace, metadata.name));
    }
  });

  function sync(key: string): void {
    const { namespace, name } = parseKey(key);
    const budget = objects.get("poddisruptionbudgets", namespace, name);
    if (budget === undefined) return;
    const selected = [...objects.values("pods", namespace)].filter(
      (pod) => selects(budget, pod) && !isTerminal(pod),
    );
    const { expected, desired } = demandOf(budget, selected);
    const healthy = selected.filter((pod) => isActive(pod) && readySince(pod) !== undefined).length;
    const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
    const status: PodDisruptionBudget["status"] = {
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: expected,
      observedGeneration: budget.metadata.generation,
      conditions: [conditionOf(budget, allowed, time.timestamp())],
    };
    if (!isSameJson(status, budget.status))
      objects.updateStatus("poddisruptionbudgets", { ...budget, status });
  }

  function demandOf(
    { spec: { minAvailable, maxUnavailable } }: PodDisruptionBudget,
    pods: readonly Pod[],
  ): { readonly expected: number; readonly desired: number } {
    if (typeof minAvailable === "number") return { expected: pods.length, desired: minAvailable };
    const expected = scaleOf(pods);
    if (maxUnavailable !== undefined) {
      return { expected, desired: Math.max(0, expected - resolve(maxUnavailable, expected)) };
    }
    return { expected, desired: resolve(minAvailable ?? 0, expected) };
  }

  /** How many pods the Deployments or ReplicaSets of these pods are to have. */
  function scaleOf(pods: readonly Pod[]): number {
    const scales = new Map<string, number>();
    for (const pod of pods) {
      const owner = controllerOf(pod);
      const set = owner && objects.get("replicasets", pod.metadata.namespace ?? "", owner.name);
      const above = set && controllerOf(set);
      const deployment = above && objects.get("deployments", pod.metadata.namespace ?? "", above.name);
      const scaled = deployment ?? set;
      if (scaled !== undefined) scales.set(scaled.metadata.uid, scaled.spec.replicas);
    }
    return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
  }
}

/** Counts an eviction in the pod's budget; throws a 429 when none is allowed. */
export function admitEviction(objects: ApiObjects, pod: Pod, isDryRun: boolean): void {
  if (isTerminal(pod) || pod.status.phase === "Pending" || pod.metadata.deletionTimestamp !== undefined)
    return;
  const [budget, another] = budgetsFor(objects, pod);
  if (budget === undefined) return;
  if (another !== undefined) {
    const message =
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new ApiError(500, "InternalError", message);
  }
  const { name, generation } = budget.metadata;
  const {
    disruptionsAllowed = 0,
    desiredHealthy = 0,
    currentHealthy = 0,
    observedGeneration,
  } = budget.status;
  const isUnhealthy = readySince(pod) === undefined;
  if (isUnhealthy && currentHealthy >= desiredHealthy && desiredHealthy > 0) return;
  const isCounted = observedGeneration === generation;
  if (isCounted && disruptionsAllowed > 0) {
    if (isDryRun) return;
    const status = { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1 };
    objects.updateStatus("poddisruptionbudgets", { ...budget, status });
    return;
  }
  const why = isCounted
    ? `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
    : "is still being processed by the server.";
  const cause = { reason: "DisruptionBudget", message: `The disruption budget ${name} ${why}` };
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  throw new ApiError(429, "TooManyRequests", message, { causes: [cause] });
}

function budgetsFor(objects: ApiObjects, pod: Pod): readonly PodDisruptionBudget[] {
  return [...objects.values("poddisruptionbudgets", pod.metadata.namespace)].filter((budget) =>
    selects(budget, pod),
  );
}

function selects({ spec }: PodDisruptionBudget, { metadata }: Pod): boolean {
  return spec.selector !== undefined && matchesSelector(spec.selector, metadata.labels);
}

/** A number, or a share of the total, rounded up. */
function resolve(value: number | string, total: number): number {
  return typeof value === "number" ? value : Math.ceil((Number(value.replace("%", "")) * total) / 100);
}

function conditionOf({ metadata, status }: PodDisruptionBudget, allowed: number, now: string): Condition {
  const value = allowed > 0 ? "True" : "False";
  const current = status.conditions?.find(({ type }) => type === "DisruptionAllowed");
  return {
    type: "DisruptionAllowed",
    status: value,
    observedGeneration: metadata.generation,
    lastTransitionTime: current?.status === value ? current.lastTransitionTime : now,
    reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
    message: "",
  };
}
