// Refuses writes and deletions that are meant for another object, or another version of it, than is there. Pure.
import { ApiError, badRequest, conflict, invalid, modifiedMeanwhile } from "../api-error.ts";
import type { KubeObject, Metadata } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { wrong } from "../validation/field-errors.ts";
import type { DeleteOptions } from "./deletion.ts";
import { givenMetadata, type UntrustedObject } from "./object-metadata.ts";

/** Refuses with 400 an object that is named otherwise than the URL says. */
export function checkIdentity(
  resource: ResourceDefinition,
  current: KubeObject,
  given: Partial<Metadata>,
): void {
  const { name, namespace } = current.metadata;
  if (given.name && given.name !== name) {
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`);
  }
  if (resource.isNamespaced && given.namespace && given.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}

/** Refuses a write with 409 when the metadata given names another uid or resourceVersion. */
export function checkLocks(
  resource: ResourceDefinition,
  current: KubeObject,
  given: Partial<Metadata>,
): void {
  const { name, uid, resourceVersion } = current.metadata;
  if (given.uid && given.uid !== uid) {
    const failed = `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${uid}`;
    const key = keyInStorage(resource, current.metadata);
    const why = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${failed}`;
    throw conflict(resource, name, why);
  }
  if (given.resourceVersion && given.resourceVersion !== resourceVersion) {
    throw modifiedMeanwhile(resource, name);
  }
}

/** Where etcd would have the object. */
function keyInStorage({ isCustom, group, plural }: ResourceDefinition, metadata: Metadata): string {
  const { namespace, name } = metadata;
  return ["/registry", isCustom && group, plural, namespace, name].filter(Boolean).join("/");
}

/** Refuses with 422 an update of the object that does not say which version of it was seen. */
export function requireVersion(
  resource: ResourceDefinition,
  current: KubeObject,
  body: UntrustedObject,
): void {
  if (givenMetadata(body).resourceVersion) return;
  const fault = wrong("metadata.resourceVersion", 0, "must be specified for an update");
  // Here the resource stands where the kind does otherwise.
  throw invalid({ ...resource, kind: resource.plural }, current.metadata.name, [fault]);
}

/** Refuses a patch with 422 when it sets another uid. */
export function checkUidStays(resource: ResourceDefinition, current: KubeObject, uid: unknown): void {
  if (uid === current.metadata.uid) return;
  const fault = wrong("metadata.uid", uid, "field is immutable");
  // Twice, as a real server says it; the message names it once.
  const { message, details } = invalid(resource, current.metadata.name, [fault]);
  throw new ApiError(422, "Invalid", message, { ...details, causes: [fault, fault] });
}

/** Refuses a deletion with 409 when the object is not the one that is meant. */
export function checkPreconditions(
  resource: ResourceDefinition,
  { metadata }: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void {
  for (const [field, title, why] of [
    ["uid", "UID", "been deleted and then recreated"],
    ["resourceVersion", "ResourceVersion", "been modified"],
  ] as const) {
    const wanted = preconditions[field];
    if (wanted === undefined || wanted === metadata[field]) continue;
    const differs = `the ${title} in the precondition (${wanted}) does not match the ${title} in record (${metadata[field]})`;
    // Here the kind stands where the resource does otherwise.
    throw conflict(
      { ...resource, plural: resource.kind },
      metadata.name,
      `${differs}. The object might have ${why}`,
    );
  }
}
