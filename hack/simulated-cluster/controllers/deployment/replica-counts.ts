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

/** The scaled-down sizes of old ReplicaSets by uid: unhealthy replicas first, then as many as availability allows. */
export function oldSetReplicas(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  oldSets: readonly ReplicaSet[],
): ReadonlyMap<string, number> {
  const all = newSet === undefined ? oldSets : [...oldSets, newSet];
  const minAvailable = deployment.spec.replicas - rollingLimits(deployment).maxUnavailable;
  const newUnavailable = (newSet?.spec.replicas ?? 0) - (newSet?.status.availableReplicas ?? 0);
  const maxScaledDown = specReplicas(all) - minAvailable - newUnavailable;
  const sizes = new Map(oldSets.map(({ metadata, spec }) => [metadata.uid, spec.replicas]));
  if (maxScaledDown <= 0) return sizes;
  const byAge = [...oldSets].sort(olderFirst);
  let cleanedUp = 0;
  for (const { metadata, spec, status } of byAge) {
    const unhealthy = spec.replicas - (status.availableReplicas ?? 0);
    const count = Math.min(Math.max(0, unhealthy), maxScaledDown - cleanedUp);
    cleanedUp += count;
    sizes.set(metadata.uid, spec.replicas - count);
  }
  // The status of a ReplicaSet that was just scaled down counts pods that are gone already: never more than planned.
  let surplus = Math.min(availableReplicas(all) - minAvailable, maxScaledDown - cleanedUp);
  for (const { metadata } of byAge) {
    const size = sizes.get(metadata.uid) ?? 0;
    const count = Math.min(size, Math.max(0, surplus));
    surplus -= count;
    sizes.set(metadata.uid, size - count);
  }
  return sizes;
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
    const maxBefore = Number(set.metadata.annotations?.[ANNOTATION.max] ?? replicas) || replicas;
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

export function olderFirst(a: ReplicaSet, b: ReplicaSet): number {
  const byTime = a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp);
  return byTime || a.metadata.name.localeCompare(b.metadata.name);
}
