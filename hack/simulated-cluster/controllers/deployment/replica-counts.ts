// The arithmetic of rolling updates: who may be scaled to how many. Pure.
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";

const ANNOTATION = {
  desired: "deployment.kubernetes.io/desired-replicas",
  max: "deployment.kubernetes.io/max-replicas",
};

function resolve(value: number | string | undefined, total: number, round: (n: number) => number): number {
  if (typeof value === "string" && value.endsWith("%"))
    return round((Number(value.slice(0, -1)) * total) / 100);
  return Number(value ?? 0);
}

/** maxSurge and maxUnavailable as numbers; not both 0. */
export function rollingLimits({ spec }: Deployment): { maxSurge: number; maxUnavailable: number } {
  if (spec.strategy.type === "Recreate") return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = resolve(spec.strategy.rollingUpdate?.maxSurge, spec.replicas, Math.ceil);
  const maxUnavailable = resolve(spec.strategy.rollingUpdate?.maxUnavailable, spec.replicas, Math.floor);
  const isStuck = maxSurge === 0 && maxUnavailable === 0;
  return { maxSurge, maxUnavailable: Math.min(isStuck ? 1 : maxUnavailable, spec.replicas) };
}

export function specReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, { spec }) => sum + spec.replicas, 0);
}

export function availableReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, { status }) => sum + (status.availableReplicas ?? 0), 0);
}

/** How many replicas the new ReplicaSet gets next. */
export function newSetReplicas(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === "Recreate") return replicas;
  const room = replicas + rollingLimits(deployment).maxSurge - specReplicas(all);
  if (room <= 0) return current;
  return current + Math.min(room, replicas - current);
}

/** How an old ReplicaSet is scaled down: in one step or two, as Events show them. */
export interface ScaleDown {
  readonly set: ReplicaSet;
  readonly steps: readonly number[];
}

/** The scaled-down sizes of old ReplicaSets: unhealthy replicas first, then as many as availability allows. */
export function oldSetScaleDowns(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  oldSets: readonly ReplicaSet[],
): readonly ScaleDown[] {
  const all = newSet === undefined ? oldSets : [...oldSets, newSet];
  const minAvailable = deployment.spec.replicas - rollingLimits(deployment).maxUnavailable;
  const newUnavailable = (newSet?.spec.replicas ?? 0) - (newSet?.status.availableReplicas ?? 0);
  const maxScaledDown = specReplicas(all) - minAvailable - newUnavailable;
  if (maxScaledDown <= 0) return [];
  const byAge = [...oldSets].sort(olderFirst).filter(({ spec }) => spec.replicas > 0);
  let cleanedUp = 0;
  const healthy = byAge.map((set) => {
    const unhealthy = set.spec.replicas - (set.status.availableReplicas ?? 0);
    const count = Math.min(Math.max(0, unhealthy), maxScaledDown - cleanedUp);
    cleanedUp += count;
    return { set, size: set.spec.replicas - count };
  });
  // The status of a ReplicaSet that was just scaled down counts pods that are gone already: never more than planned.
  let surplus = Math.min(availableReplicas(all) - minAvailable, maxScaledDown - cleanedUp);
  return healthy.map(({ set, size }) => {
    const count = Math.min(size, Math.max(0, surplus));
    surplus -= count;
    const sizes = [set.spec.replicas, size, size - count];
    return { set, steps: sizes.filter((each, i) => i > 0 && each !== sizes[i - 1]) };
  });
}

/** The sizes by uid when a Deployment is scaled in the middle of a rollout: each in proportion to its size. */
export function proportionalReplicas(
  deployment: Deployment,
  active: readonly ReplicaSet[],
): ReadonlyMap<string, number> {
  const { replicas } = deployment.spec;
  const allowed = replicas > 0 ? replicas + rollingLimits(deployment).maxSurge : 0;
  const toAdd = allowed - specReplicas(active);
  const direction = toAdd > 0 ? 1 : -1;
  const bySize = [...active].sort(
    (a, b) => b.spec.replicas - a.spec.replicas || direction * -olderFirst(a, b),
  );
  const sizes = new Map(bySize.map(({ metadata, spec }) => [metadata.uid, spec.replicas]));
  if (toAdd === 0) return sizes;
  let added = 0;
  for (const set of bySize) {
    const maxBefore =
      Number(set.metadata.annotations?.[ANNOTATION.max]) || deployment.status.replicas || replicas;
    const ideal = Math.round((set.spec.replicas * allowed) / maxBefore) - set.spec.replicas;
    const left = toAdd - added;
    const share = toAdd > 0 ? Math.min(ideal, left) : Math.max(ideal, left);
    sizes.set(set.metadata.uid, set.spec.replicas + share);
    added += share;
  }
  const [first] = bySize;
  if (first !== undefined) {
    sizes.set(first.metadata.uid, Math.max(0, (sizes.get(first.metadata.uid) ?? 0) + toAdd - added));
  }
  return sizes;
}

/** The annotations in which a ReplicaSet remembers the size of its Deployment. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const { replicas } = deployment.spec;
  return {
    [ANNOTATION.desired]: String(replicas),
    [ANNOTATION.max]: String(replicas + rollingLimits(deployment).maxSurge),
  };
}

/** Whether the Deployment was scaled since its ReplicaSets were. */
export function isScaling({ spec }: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some(({ spec: { replicas }, metadata }) => {
    const desired = metadata.annotations?.[ANNOTATION.desired];
    return replicas > 0 && desired !== undefined && desired !== String(spec.replicas);
  });
}

/** Whether the new ReplicaSet alone is all that the Deployment wants, and available. */
export function isSaturated({ spec }: Deployment, newSet: ReplicaSet | undefined): boolean {
  return (
    newSet !== undefined &&
    newSet.metadata.annotations?.[ANNOTATION.desired] === String(spec.replicas) &&
    newSet.spec.replicas === spec.replicas &&
    (newSet.status.availableReplicas ?? 0) === spec.replicas
  );
}

export function olderFirst(a: ReplicaSet, b: ReplicaSet): number {
  const byTime = a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp);
  return byTime || a.metadata.name.localeCompare(b.metadata.name);
}
