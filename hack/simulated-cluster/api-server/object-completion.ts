// What the server makes of an object that a client sent: its kind, its defaults, no unknown fields. Pure.
import { badRequest } from "./api-error.ts";
import type { KubeObject, Metadata } from "./kube-object.ts";
import { type UntrustedObject, withoutEmptyFields } from "./object-metadata.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";
import type { WriteOptions } from "./write-options.ts";

/** The object to store, with the metadata given; warns of unknown fields or refuses them, as the options say. */
export function completed(
  resource: ResourceDefinition,
  body: UntrustedObject,
  metadata: Metadata,
  options: WriteOptions,
): KubeObject {
  const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, ...rest } = body;
  let object: KubeObject = {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: withoutEmptyFields(metadata),
    ...rest,
  };
  if (resource.prune) {
    const pruned = resource.prune(object);
    object = pruned.object;
    if (pruned.removed.length > 0) reportUnknownFields(resource, pruned.removed, options);
  }
  return resource.withDefaults?.(object) ?? object;
}

function reportUnknownFields(
  resource: ResourceDefinition,
  removed: readonly string[],
  options: WriteOptions,
): void {
  const texts = removed.map((field) => `unknown field "${field}"`);
  if (options.fieldValidation === "Strict") {
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: strict decoding error: ${texts.join(", ")}`,
    );
  }
  if (options.fieldValidation !== "Ignore") for (const text of texts) options.warn?.(text);
}
