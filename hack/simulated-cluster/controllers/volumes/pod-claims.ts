// The claims that a pod's volumes name, and what of them keeps it from being scheduled.
import type { PersistentVolumeClaim, Pod, StorageClass } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";

export function claimNamesOf({ spec }: Pod): readonly string[] {
  return (spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
}

/** Those that exist. */
export function claimsOf(objects: ApiObjects, pod: Pod): readonly PersistentVolumeClaim[] {
  const { namespace = "" } = pod.metadata;
  return claimNamesOf(pod).flatMap((name) => objects.get("persistentvolumeclaims", namespace, name) ?? []);
}

export function classOf(objects: ApiObjects, claim: PersistentVolumeClaim): StorageClass | undefined {
  return objects.get("storageclasses", "", claim.spec.storageClassName ?? "");
}

export function isBound({ status }: PersistentVolumeClaim): boolean {
  return status.phase === "Bound";
}

/** Whether the claim's volume is made only for a node that a pod was scheduled to. */
export function waitsForConsumer(objects: ApiObjects, claim: PersistentVolumeClaim): boolean {
  return classOf(objects, claim)?.volumeBindingMode === "WaitForFirstConsumer";
}

/** Why no node can take the pod for its claims, in the scheduler's words. */
export function unboundClaims(objects: ApiObjects, pod: Pod): string | undefined {
  const claims = claimsOf(objects, pod);
  const missing = claimNamesOf(pod).find((name) => !claims.some(({ metadata }) => metadata.name === name));
  if (missing !== undefined) return `persistentvolumeclaim "${missing}" not found`;
  const isStuck = claims.some((claim) => !isBound(claim) && !waitsForConsumer(objects, claim));
  return isStuck ? "pod has unbound immediate PersistentVolumeClaims" : undefined;
}

/** The claims whose volumes are made when the pod has a node. */
export function delayedClaims(objects: ApiObjects, pod: Pod): readonly PersistentVolumeClaim[] {
  return claimsOf(objects, pod).filter((claim) => !isBound(claim) && waitsForConsumer(objects, claim));
}
