// Which objects belong to a controller: adopts what nobody owns and it selects, and lets go what it no longer selects.

import type { LabelSelector, ObjectOf } from "../api-server/kinds.ts";
import {
  controllerOf,
  controllerReference,
  type KubeObject,
  type OwnerReference,
} from "../api-server/kube-object.ts";
import { matchesSelector } from "../api-server/label-selector.ts";
import type { ApiObjects } from "../api-server/objects.ts";

/** What a controller may claim. */
interface Claimant extends KubeObject {
  readonly spec: { readonly selector: LabelSelector };
}

export type Claims<Name extends "replicasets" | "pods"> = ReturnType<typeof createClaims<Name>>;

/**
 * Claims objects of a resource for their controllers as Kubernetes does: those that it owns and still selects, and those
 * that nobody owns and that it selects. What it owns and no longer selects is let go.
 */
export function createClaims<Name extends "replicasets" | "pods">(objects: ApiObjects, resource: Name) {
  const orphans = new Map<string, Map<string, KubeObject>>();

  function see(type: string, object: KubeObject): void {
    const { namespace = "", uid } = object.metadata;
    const known = orphans.get(namespace);
    if (type === "DELETED" || controllerOf(object) !== undefined) {
      known?.delete(uid);
      if (known?.size === 0) orphans.delete(namespace);
    } else if (known === undefined) orphans.set(namespace, new Map([[uid, object]]));
    else known.set(uid, object);
  }

  for (const object of objects.values(resource)) see("ADDED", object);
  objects.subscribe(resource, ({ type, object }) => see(type, object));

  function withOwners(object: KubeObject, ownerReferences: readonly OwnerReference[]): ObjectOf<Name> {
    return objects.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences } });
  }

  /** The objects of the owner, as they are after what was adopted or let go. */
  function claimed(owner: Claimant): ObjectOf<Name>[] {
    const { uid, namespace = "", deletionTimestamp } = owner.metadata;
    const { selector } = owner.spec;
    const isDeleting = deletionTimestamp !== undefined;
    const mine: ObjectOf<Name>[] = [];
    for (const object of objects.ownedBy(resource, uid)) {
      const { labels, ownerReferences = [] } = (object as KubeObject).metadata;
      if (controllerOf(object as KubeObject)?.uid !== uid) continue;
      if (matchesSelector(selector, labels)) mine.push(object);
      else if (!isDeleting)
        withOwners(
          object as KubeObject,
          ownerReferences.filter((each) => each.uid !== uid),
        );
    }
    if (isDeleting) return mine;
    for (const object of orphans.get(namespace)?.values() ?? []) {
      const { labels, ownerReferences = [], deletionTimestamp: end } = object.metadata;
      if (end !== undefined || !matchesSelector(selector, labels)) continue;
      mine.push(withOwners(object, [...ownerReferences, controllerReference(owner)]));
    }
    return mine;
  }

  return { claimed };
}
