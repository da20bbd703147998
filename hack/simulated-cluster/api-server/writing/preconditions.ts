// Refuses writes and deletions that are meant for another object, or another version of it, than is there. Pure.
import { badRequest, conflict, modifiedMeanwhile } from "../api-error.ts";
import type { KubeObject, Metadata } from "../kube-object.ts";
import type { ResourceDefinition } from "../resources/resource-definition.ts";
import type { DeleteOptions } from "./deletion.ts";

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
    const why = `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${uid}`;
    throw conflict(resource, name, why);
  }
  if (given.resourceVersion && given.resourceVersion !== resourceVersion) {
    throw modifiedMeanwhile(resource, name);
  }
}

/** Refuses a deletion with 409 when the object is not the one that is meant. */
export function checkPreconditions(
  resource: ResourceDefinition,
  { metadata }: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void {
  for (const [field, title] of [
    ["uid", "UID"],
    ["resourceVersion", "ResourceVersion"],
  ] as const) {
    const wanted = preconditions[field];
    if (wanted === undefined || wanted === metadata[field]) continue;
    const why = `Precondition failed: ${title} in precondition: ${wanted}, ${title} in object meta: ${metadata[field]}`;
    throw conflict(resource, metadata.name, why);
  }
}
