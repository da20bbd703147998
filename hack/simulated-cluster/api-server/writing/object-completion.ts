// What the server makes of an object that a client sent: its kind, its defaults, no unknown fields. Pure.
import { ApiError, badPatch, badRequest } from "../api-error.ts";
import type { KubeObject, Metadata } from "../kube-object.ts";
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import { decodeObject } from "../types/decode-object.ts";
import type { StructType } from "../types/field-type.ts";
import { typeOfKind } from "../types/kubernetes-types.ts";
import { type UntrustedObject, withoutEmptyFields } from "./object-metadata.ts";
import type { WriteOptions } from "./write-options.ts";

/** The object to store, with the metadata given; warns of unknown fields or refuses them, as the options say. */
export function completed(
  resource: ResourceDefinition,
  body: UntrustedObject,
  metadata: Metadata,
  options: WriteOptions,
): KubeObject {
  const {
    kind: _kind,
    apiVersion: _apiVersion,
    metadata: _metadata,
    ...rest
  } = decoded(resource, body, options);
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

/** What a client sent as a built-in kind, read as a real server reads it. The simulated components are trusted. */
function decoded(
  resource: ResourceDefinition,
  body: UntrustedObject,
  options: WriteOptions,
): UntrustedObject {
  const type = resource.isCustom ? undefined : typeOfKind(resource.group, resource.kind);
  if (type === undefined || options.client === undefined) return body;
  const { value, unknown } = decodedAs(type, resource, body, options);
  if (unknown.length > 0) reportUnknownFields(resource, unknown, options);
  return value;
}

/** What cannot be read is the fault of the patch where there is one. */
function decodedAs(
  type: StructType,
  resource: ResourceDefinition,
  body: UntrustedObject,
  { patch }: WriteOptions,
): ReturnType<typeof decodeObject> {
  const what = unfit(resource);
  try {
    return decodeObject(type, body, what);
  } catch (error) {
    if (patch === undefined || !(error instanceof ApiError)) throw error;
    throw badPatch(patch, error.message.replace(`${what}: `, ""));
  }
}

/** The fields that the kind does not have. */
export function unknownFieldsOf(resource: ResourceDefinition, body: UntrustedObject): readonly string[] {
  if (resource.prune) return resource.prune(body as KubeObject).removed;
  const type = typeOfKind(resource.group, resource.kind);
  return type === undefined ? [] : decodeObject(type, body, unfit(resource)).unknown;
}

function unfit({ kind, version }: ResourceDefinition): string {
  return `${kind} in version "${version}" cannot be handled as a ${kind}`;
}

function reportUnknownFields(
  resource: ResourceDefinition,
  removed: readonly string[],
  options: WriteOptions,
): void {
  // The order of fields as Go writes objects, in which clients and patches send them.
  const texts = [...removed].sort().map((field) => `unknown field "${field}"`);
  if (options.fieldValidation === "Strict") {
    const why = `strict decoding error: ${texts.join(", ")}`;
    throw options.patch === undefined
      ? badRequest(`${unfit(resource)}: ${why}`)
      : badPatch(options.patch, why);
  }
  if (options.fieldValidation !== "Ignore") for (const text of texts) options.warn?.(text);
}
