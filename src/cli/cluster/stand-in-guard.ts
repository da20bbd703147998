// Which guard's rules a Deployment is judged by; where it has none, a stand-in with the defaults that only observes.
import { API_VERSION, ROLLOUT_GUARD_KIND } from "../../api/group.ts";
import type { Caches } from "../../kube/caches/caches.ts";
import type { RawObject } from "../../kube/objects.ts";
import { type ReconcileKey, reconcileKey } from "../../kube/reconcile-key.ts";

export interface ChosenGuard {
  readonly key: ReconcileKey;
  /** False for the stand-in. */
  readonly isReal: boolean;
  /** What is wrong with the guard that there is, so that the defaults take its place. */
  readonly invalid?: string | undefined;
}

/**
 * Chooses the Deployment's oldest guard, as the operator does. Where there is none, or it is not valid, a stand-in is put
 * into the caches: older than everything, so that it judges whatever is there.
 */
export function chooseGuard(
  caches: Caches,
  namespace: string,
  deployment: string,
  bakeTime: string | undefined,
  at: number,
): ChosenGuard {
  const standIn = standInFor(namespace, deployment, bakeTime);
  const { target } = standIn.spec;
  const standInKey = reconcileKey(namespace, standIn.metadata.name, target);
  const [oldest] = [...caches.contents.keysOf(namespace, target)]
    .filter((key) => key !== standInKey)
    .flatMap((key) => caches.contents.guard(key)?.view ?? [])
    .sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
  if (oldest && "valid" in oldest.spec) {
    if (caches.has(standInKey)) caches.apply("rolloutguards", "DELETED", standIn, at);
    return { key: reconcileKey(namespace, oldest.name, target), isReal: true };
  }
  if (!caches.has(standInKey)) caches.apply("rolloutguards", "ADDED", standIn, at);
  return {
    key: standInKey,
    isReal: false,
    invalid: oldest && `RolloutGuard ${oldest.name} is not valid`,
  };
}

function standInFor(namespace: string, deployment: string, bakeTime: string | undefined) {
  // A name that no person gives, so that it takes no guard's place.
  const metadata = {
    namespace,
    name: `unguarded.${deployment}`.slice(0, 253),
    uid: "stand-in",
    generation: 1,
    creationTimestamp: "1970-01-01T00:00:01Z",
  };
  return {
    apiVersion: API_VERSION,
    kind: ROLLOUT_GUARD_KIND,
    metadata,
    spec: {
      target: { kind: "Deployment" as const, name: deployment },
      mode: "Observe",
      ...(bakeTime !== undefined && { bakeTime }),
    },
  } satisfies RawObject;
}
