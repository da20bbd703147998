// The garbage collector: deletes what has lost its owners, and does what an owner that is being deleted waits for.
import type { KubeObject, OwnerReference } from "../api-server/kube-object.ts";
import { apiVersionOf, type ResourceDefinition } from "../api-server/resource-definition.ts";
import type { ClusterParts } from "../cluster-parts.ts";

const LATENCY_MS = [5, 60] as const;
const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/** An object and where it is kept. */
interface Item {
  readonly resource: ResourceDefinition;
  readonly object: KubeObject;
}

/** Watches all objects, until the cluster's time stops. */
export function startGarbageCollector({ objects, time, random }: ClusterParts): void {
  objects.store.subscribe(undefined, ({ type, resource, object, previous }) => {
    const item = { resource, object };
    const { ownerReferences = [] } = object.metadata;
    if (type === "DELETED") {
      if (hasDependents(object)) soon(() => attemptAll(object));
      if (ownerReferences.length > 0) soon(() => continueOwners(object));
      return;
    }
    const hasNewOwners = ownerReferences.length > 0 && ownerReferences !== previous?.metadata.ownerReferences;
    if (hasNewOwners && !ownerReferences.every((reference) => isSolid(object, reference))) {
      soon(() => attemptToDelete(item));
    }
    if (waitsForOrphans(object)) soon(() => orphanDependents(item));
    else if (waitsForDependents(object)) soon(() => finishForeground(item));
  });

  function soon(work: () => void): void {
    time.after(random.between(...LATENCY_MS), work);
  }

  function hasDependents({ metadata }: KubeObject): boolean {
    return objects.store.dependentsOf(metadata.uid).length > 0;
  }

  /** The item as it is now, if it is still the same object. */
  function current({ resource, object: { metadata } }: Item): KubeObject | undefined {
    const found = objects.store.get(resource, metadata.namespace ?? "", metadata.name);
    return found?.metadata.uid === metadata.uid ? found : undefined;
  }

  function attemptAll(owner: KubeObject): void {
    for (const dependent of objects.store.dependentsOf(owner.metadata.uid)) attemptToDelete(dependent);
  }

  /** Deletes an object that no owner holds any more; of several owners only the references to lost ones go. */
  function attemptToDelete(item: Item): void {
    const object = current(item);
    if (object === undefined) return;
    const { ownerReferences = [], deletionTimestamp } = object.metadata;
    if (ownerReferences.length === 0) return;
    if (deletionTimestamp !== undefined && !waitsForDependents(object)) return;
    const solid = ownerReferences.filter((reference) => isSolid(object, reference));
    if (solid.length > 0) {
      if (solid.length < ownerReferences.length) keepOwners(item, object, solid);
      return;
    }
    const isAwaited = ownerReferences.some((reference) => ownerOf(object, reference) !== undefined);
    const propagationPolicy = isAwaited && hasDependents(object) ? "Foreground" : policyOf(object);
    const { namespace = "", name, uid } = object.metadata;
    objects.delete(item.resource.id, namespace, name, { propagationPolicy, preconditions: { uid } });
  }

  /** The owner; of an object in a namespace only one in the same namespace or in none. */
  function ownerOf(
    dependent: KubeObject,
    { apiVersion, kind, name, uid }: OwnerReference,
  ): KubeObject | undefined {
    const resource = definitionOf(apiVersion, kind);
    const namespace = resource?.isNamespaced ? (dependent.metadata.namespace ?? "") : "";
    const owner = resource && objects.store.get(resource, namespace, name);
    return owner?.metadata.uid === uid ? owner : undefined;
  }

  function definitionOf(apiVersion: string, kind: string): ResourceDefinition | undefined {
    return objects.resources.all().find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
  }

  function keepOwners(
    { resource }: Item,
    object: KubeObject,
    ownerReferences: readonly OwnerReference[],
  ): void {
    objects.update(resource.id, { ...object, metadata: { ...object.metadata, ownerReferences } });
  }

  function orphanDependents(item: Item): void {
    const owner = current(item);
    if (owner === undefined || !waitsForOrphans(owner)) return;
    for (const dependent of objects.store.dependentsOf(owner.metadata.uid)) {
      const { ownerReferences = [] } = dependent.object.metadata;
      keepOwners(
        dependent,
        dependent.object,
        ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid),
      );
    }
    removeFinalizer(item, ORPHAN);
  }

  /** Whether the owner is there and does not wait for its dependents to go. */
  function isSolid(dependent: KubeObject, reference: OwnerReference): boolean {
    const owner = ownerOf(dependent, reference);
    return owner !== undefined && !waitsForDependents(owner);
  }

  /** Lets the owner go when no dependent blocks that; all of them are deleted, also those that do not block. */
  function finishForeground(item: Item): void {
    const owner = current(item);
    if (owner === undefined || !waitsForDependents(owner)) return;
    const dependents = objects.store.dependentsOf(owner.metadata.uid);
    const blocking = dependents.filter(({ object }) => blocks(object, owner));
    if (blocking.length === 0) removeFinalizer(item, FOREGROUND);
    for (const dependent of dependents) {
      if (!waitsForDependents(dependent.object)) attemptToDelete(dependent);
    }
  }

  /** What waits for an object that is gone now. */
  function continueOwners(gone: KubeObject): void {
    for (const reference of gone.metadata.ownerReferences ?? []) {
      const owner = ownerOf(gone, reference);
      const resource = definitionOf(reference.apiVersion, reference.kind);
      if (owner !== undefined && resource !== undefined && waitsForDependents(owner)) {
        finishForeground({ resource, object: owner });
      }
    }
  }

  function removeFinalizer(item: Item, finalizer: string): void {
    const object = current(item);
    if (object === undefined) return;
    const finalizers = (object.metadata.finalizers ?? []).filter((each) => each !== finalizer);
    objects.update(item.resource.id, { ...object, metadata: { ...object.metadata, finalizers } });
  }
}

function isDeletedWith({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(finalizer) === true;
}

function waitsForDependents(object: KubeObject): boolean {
  return isDeletedWith(object, FOREGROUND);
}

function waitsForOrphans(object: KubeObject): boolean {
  return isDeletedWith(object, ORPHAN);
}

function blocks(dependent: KubeObject, owner: KubeObject): boolean {
  return (dependent.metadata.ownerReferences ?? []).some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
  );
}

/** An object that was made to wait for its dependents, or to spare them, is deleted so. */
function policyOf({ metadata }: KubeObject): "Orphan" | "Foreground" | "Background" {
  if (metadata.finalizers?.includes(ORPHAN)) return "Orphan";
  return metadata.finalizers?.includes(FOREGROUND) ? "Foreground" : "Background";
}
