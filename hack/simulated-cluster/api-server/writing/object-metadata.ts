// Metadata and generation on their way into the store: what clients may set and what only the server does. Pure.
import { badRequest } from "../api-error.ts";
import { isJsonObject, type KubeObject, type Metadata } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";

export type UntrustedObject = Readonly<Record<string, unknown>>;

/** The metadata of what a client sent; empty when there is none. */
export function givenMetadata(body: UntrustedObject): Partial<Metadata> {
  const metadata = body["metadata"];
  if (metadata === undefined || metadata === null) return {};
  if (!isJsonObject(metadata)) throw badRequest("metadata must be an object");
  return metadata;
}

/** What of a client's metadata is taken over. */
export function carriedMetadata(given: Partial<Metadata>): Partial<Metadata> {
  const { generateName, labels, annotations, ownerReferences, finalizers } = given;
  return {
    ...(generateName && { generateName }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
    ...(finalizers && { finalizers }),
  };
}

/** What of an object's metadata no client changes. */
export function fixedMetadata(current: Metadata): Metadata {
  const { labels: _l, annotations: _a, ownerReferences: _o, finalizers: _f, ...fixed } = current;
  const { managedFields: _m, ...kept } = fixed;
  return kept;
}

/** Empty maps and lists are left out, as the real server's JSON does. */
export function withoutEmptyFields(metadata: Metadata): Metadata {
  const isEmpty = (value: unknown) =>
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  const entries = Object.entries(metadata).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(entries) as unknown as Metadata;
}

/** What a change of counts as a new generation: of a Deployment also its annotations. */
export function countedContent({ id }: ResourceDefinition, object: KubeObject): UntrustedObject {
  const { metadata, status: _status, ...content } = object;
  return id === "deployments" ? { ...content, annotations: metadata.annotations ?? {} } : content;
}

export function withGeneration(object: KubeObject, generation: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, generation } };
}
