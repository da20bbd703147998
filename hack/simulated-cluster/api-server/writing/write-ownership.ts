// Who owns which field after a write, whoever made it and in whatever way.

import { isSameJson, type KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { type FieldOwner, ownersOf, scopeOf, withOwners } from "./fields/field-owners.ts";
import { ownersFrom } from "./fields/managed-fields.ts";
import { isSameOwnership } from "./fields/server-side-apply.ts";
import { ownersAfterInternalWrite, ownersAfterUpdate, type Write } from "./fields/update-owners.ts";
import type { WriteOptions } from "./write-options.ts";

/** The object with its owners after the write; `managedFields` are what the client sent as such. */
export function owned(
  write: Write,
  subresource: "" | "status",
  options: WriteOptions,
  managedFields?: unknown,
): KubeObject {
  const before = write.before && withOwnersKept(write.before, write.resource);
  const owners = ownersAfter({ ...write, before }, subresource, options, managedFields);
  return withOwners(withoutManagedFields(write.after), write.resource, owners);
}

/** Objects that were put into the store as they are may have their managedFields written out. */
function withOwnersKept(object: KubeObject, resource: ResourceDefinition): KubeObject {
  const { managedFields } = object.metadata;
  if (managedFields === undefined) return object;
  return withOwners(withoutManagedFields(object), resource, ownersFrom(undefined, managedFields) ?? []);
}

function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function ownersAfter(
  write: Write,
  subresource: "" | "status",
  { client, component, owners }: WriteOptions,
  managedFields: unknown,
): readonly FieldOwner[] {
  if (owners !== undefined) return owners;
  if (client === undefined) {
    const manager = component ?? usualComponent(write.resource, subresource);
    return ownersAfterInternalWrite(write, { manager, subresource });
  }
  return ownersAfterUpdate(write, client, ownersFrom(write.before, managedFields));
}

/** Which part of a cluster writes such objects. */
function usualComponent({ id }: ResourceDefinition, subresource: string): string {
  if (scopeOf(subresource) === "status") {
    return id === "pods" || id === "nodes" ? "kubelet" : "kube-controller-manager";
  }
  return id === "leases" || id === "nodes" ? "kubelet" : "kube-controller-manager";
}

/** Whether a write changes nothing, neither the object nor who owns its fields. */
export function isWithoutEffect(before: KubeObject, after: KubeObject): boolean {
  return isSameJson(before, after) && isSameOwnership(ownersOf(before), ownersOf(after));
}
