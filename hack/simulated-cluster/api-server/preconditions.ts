// Refuses writes and deletions that are meant for another object, or another version of it, than is there. Pure.
import { conflict, modifiedMeanwhile } from "./api-error.ts";
import type { DeleteOptions } from "./deletion.ts";
import type { KubeObject, Metadata } from "./kube-object.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

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
