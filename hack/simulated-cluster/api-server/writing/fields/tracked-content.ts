// What of an object is tracked for its owners, by scope, and what of it belongs to nobody else. Pure.

import type { Schema } from "../../custom-resources/structural-schema.ts";
import { isJsonObject } from "../../kube-object.ts";
import type { ResourceDefinition } from "../../resource-definition.ts";
import { ANY, emptyValueOf, type FieldType } from "../../types/field-type.ts";
import { metadataType, typeOfKind } from "../../types/kubernetes-types.ts";
import { typeOfCustomResource } from "../../types/schema-type.ts";
import { claimText } from "./claim-text.ts";
import { compare } from "./compare.ts";
import { type FieldOwner, type Scope, scopeOf } from "./field-owners.ts";
import { difference, type FieldSet, NO_FIELDS, sorted, union } from "./field-set.ts";
import { sharedText } from "./shared-fields.ts";

type Content = Readonly<Record<string, unknown>>;

const types = new WeakMap<ResourceDefinition, FieldType>();
const empties = new WeakMap<ResourceDefinition, Content>();
const texts = new WeakMap<object, string>();

/** The type of the resource's objects. */
export function typeOfResource(resource: ResourceDefinition): FieldType {
  let type = types.get(resource);
  if (type === undefined) {
    type = resource.isCustom
      ? typeOfCustomResource((resource.schema ?? {}) as Schema)
      : (typeOfKind(resource.group, resource.kind) ?? ANY);
    types.set(resource, type);
  }
  return type;
}

/** What is there before anything was written. */
export function emptyContent(resource: ResourceDefinition): Content {
  let empty = empties.get(resource);
  if (empty === undefined) {
    empty = { ...emptyValueOf(typeOfResource(resource)), metadata: emptyValueOf(metadataType()) };
    empties.set(resource, empty);
  }
  return empty;
}

/** The part of an object that a scope covers, without what the server alone sets. */
export function trackedContent(resource: ResourceDefinition, object: Content, scope: Scope): Content {
  if (scope === "status") return { status: object["status"] };
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...content } = object;
  if (!resource.hasStatus) return { metadata: trackedMetadata(metadata), ...content };
  const { status: _status, ...rest } = content;
  return { metadata: trackedMetadata(metadata), ...rest };
}

function trackedMetadata(metadata: unknown): Content {
  if (!isJsonObject(metadata)) return {};
  const { labels, annotations, ownerReferences, finalizers, generateName } = metadata;
  return { labels, annotations, ownerReferences, finalizers, generateName };
}

/** All fields of the scope. */
function allFields(resource: ResourceDefinition, object: Content, scope: Scope): FieldSet {
  const empty = trackedContent(resource, emptyContent(resource), scope);
  return compare(typeOfResource(resource), empty, trackedContent(resource, object, scope)).changed;
}

/** The fields of an owner, whichever way they are kept. */
export function fieldsOfOwner(
  resource: ResourceDefinition,
  object: Content,
  owner: FieldOwner,
  owners: readonly FieldOwner[],
): FieldSet {
  if (owner.fields !== "rest") return owner.fields.set;
  const scope = scopeOf(owner.subresource);
  return difference(allFields(resource, object, scope), claimedInScope(owners, scope));
}

function claimedInScope(owners: readonly FieldOwner[], scope: Scope): FieldSet {
  return owners.reduce<FieldSet>((all, { fields, subresource }) => {
    const isOther = fields === "rest" || scopeOf(subresource) !== scope;
    return isOther ? all : union(all, fields.set);
  }, NO_FIELDS);
}

/**
 * The fields of an owner as JSON. Where an owner has all of a scope the texts of its parts are remembered: a pod's
 * spec stays the same object while its status changes.
 */
export function fieldsText(
  resource: ResourceDefinition,
  object: Content,
  owner: FieldOwner,
  owners: readonly FieldOwner[],
): string {
  if (owner.fields !== "rest") return owner.fields.text;
  const scope = scopeOf(owner.subresource);
  const isAlone = owners.every((each) => each === owner || scopeOf(each.subresource) !== scope);
  if (!isAlone) return JSON.stringify(sorted(fieldsOfOwner(resource, object, owner, owners)));
  if (scope === "status") return `{${partText(resource, "status", object["status"])}}`;
  let text = "";
  for (const field of Object.keys(object).sort()) {
    if (field === "kind" || field === "apiVersion" || (field === "status" && resource.hasStatus)) continue;
    const value = field === "metadata" ? trackedMetadata(object[field]) : object[field];
    const part = partText(resource, field, value);
    if (part !== "") text += text === "" ? part : `,${part}`;
  }
  return `{${text}}`;
}

/** `"f:spec":{…}`, or nothing when the part has no fields. What stays the same for long is remembered. */
function partText(resource: ResourceDefinition, field: string, value: unknown): string {
  const isKept = field !== "metadata" && field !== "status" && typeof value === "object" && value !== null;
  const known = isKept ? texts.get(value) : undefined;
  if (known !== undefined) return known;
  const empty = emptyContent(resource)[field];
  const text = claimText(typeOfResource(resource), { [field]: value }, { [field]: empty });
  if (isKept) texts.set(value, sharedText(text));
  return text;
}
