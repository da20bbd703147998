// The garbage collector: deletes what has lost its owner, and what is owned by an object deleted in the foreground.
import type { KubeObject } from "../api-server/kube-object.ts";
import type { Change } from "../api-server/object-store.ts";
import type { ClusterParts } from "../cluster-parts.ts";

const LATENCY_MS = [5, 60] as const;
const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/** Watches all objects, until the cluster's time stops. */
export function startGarbageCollector({ objects, time, random }: ClusterParts): void {
  objects.store.subscribe(undefined, (change) => {
    const { type, object } = change;
    const finalizers = object.metadata.finalizers ?? [];
    const isDeleting = object.metadata.deletionTimestamp !== undefined;
    if (type === "DELETED") soon(() => deleteDependents(object));
    if (isDeleting && finalizers.includes(ORPHAN)) soon(() => orphanDependents(change));
    if (isDeleting && finalizers.includes(FOREGROUND)) soon(() => finishForeground(change));
    if (type === "DELETED") soon(() => continueOwners(object));
  });

  function soon(work: () => void): void {
    time.after(random.between(...LATENCY_MS), work);
  }

  function deleteDependents(owner: KubeObject): void {
    for (const { resource, object } of objects.store.dependentsOf(owner.metadata.uid)) {
      const owners = object.metadata.ownerReferences ?? [];
      const hasOther = owners.some(({ uid }) => uid !== owner.metadata.uid && exists(object, uid));
      if (!hasOther) objects.delete(resource.id, object.metadata.namespace ?? "", object.metadata.name);
    }
  }

  function exists(dependent: KubeObject, uid: string): boolean {
    const reference = dependent.metadata.ownerReferences?.find((owner) => owner.uid === uid);
    if (reference === undefined) return false;
    const resource = objects.resources.ofKind(reference.apiVersion, reference.kind);
    const namespace = resource.isNamespaced ? (dependent.metadata.namespace ?? "") : "";
    return objects.store.get(resource, namespace, reference.name)?.metadata.uid === uid;
  }

  function orphanDependents({ resource, object: owner }: Change): void {
    for (const { resource: owned, object } of objects.store.dependentsOf(owner.metadata.uid)) {
      const rest = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
      objects.update(owned.id, { ...object, metadata: { ...object.metadata, ownerReferences: rest } });
    }
    removeFinalizer(resource.id, owner, ORPHAN);
  }

  function finishForeground({ resource, object: owner }: Change): void {
    const dependents = objects.store.dependentsOf(owner.metadata.uid);
    if (dependents.length === 0) {
      removeFinalizer(resource.id, owner, FOREGROUND);
      return;
    }
    for (const { resource: owned, object } of dependents) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      objects.delete(owned.id, object.metadata.namespace ?? "", object.metadata.name, {
        propagationPolicy: "Foreground",
      });
    }
  }

  function continueOwners(gone: KubeObject): void {
    for (const { apiVersion, kind, name } of gone.metadata.ownerReferences ?? []) {
      const resource = objects.resources.ofKind(apiVersion, kind);
      const namespace = resource.isNamespaced ? (gone.metadata.namespace ?? "") : "";
      const owner = objects.store.get(resource, namespace, name);
      if (owner?.metadata.finalizers?.includes(FOREGROUND) !== true) continue;
      if (objects.store.dependentsOf(owner.metadata.uid).length === 0)
        removeFinalizer(resource.id, owner, FOREGROUND);
    }
  }

  function removeFinalizer(resource: string, { metadata }: KubeObject, finalizer: string): void {
    const current = objects.get(resource, metadata.namespace ?? "", metadata.name);
    if (current?.metadata.uid !== metadata.uid) return;
    const finalizers = (current.metadata.finalizers ?? []).filter((each) => each !== finalizer);
    objects.update(resource, { ...current, metadata: { ...current.metadata, finalizers } });
  }
}
