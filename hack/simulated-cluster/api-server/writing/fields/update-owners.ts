// Who owns what after an ordinary write: the writer owns what it changed, and nobody owns what is gone. Pure.
import type { KubeObject } from "../../kube-object.ts";
import { apiVersionOf, type ResourceDefinition } from "../../resource-definition.ts";
import { compare } from "./compare.ts";
import { type FieldOwner, isSameOwner, ownersOf, type Scope, scopeOf, type Writer } from "./field-owners.ts";
import { difference, isEmptySet, union } from "./field-set.ts";
import { shared } from "./shared-fields.ts";
import { emptyContent, fieldsOfOwner, trackedContent, typeOfResource } from "./tracked-content.ts";

export interface Write {
  readonly resource: ResourceDefinition;
  /** Undefined when the object is new. */
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  /** Epoch ms. */
  readonly at: number;
}

/** The owners after a write over HTTP. `known` replaces the owners of before, as when a client sends managedFields. */
export function ownersAfterUpdate(
  { resource, before, after, at }: Write,
  { manager, subresource }: Writer,
  known?: readonly FieldOwner[],
): readonly FieldOwner[] {
  const scope = scopeOf(subresource);
  const live = known ?? (before === undefined ? [] : ownersOf(before));
  const { changed, removed } = compare(
    typeOfResource(resource),
    trackedContent(resource, before ?? emptyContent(resource), scope),
    trackedContent(resource, after, scope),
  );
  if (isEmptySet(changed) && isEmptySet(removed)) return live;
  const owners = before === undefined ? live : spelledOut(resource, before, live, scope);
  const writer = { manager, operation: "Update", subresource, apiVersion: apiVersionOf(resource) } as const;
  const lost = union(changed, removed);
  const own = owners.find((owner) => isSameOwner(owner, writer));
  const kept = owners.filter((owner) => owner !== own).flatMap((owner) => withoutFields(owner, lost));
  const before_ = own === undefined || own.fields === "rest" ? {} : own.fields.set;
  const set = union(difference(before_, removed), changed);
  return isEmptySet(set) ? kept : [...kept, { ...writer, at, fields: shared(set) }];
}

/**
 * The owners after a write of a controller or a kubelet. Where such a writer has had a scope to itself it goes on
 * owning all of it, and nothing is compared.
 */
export function ownersAfterInternalWrite(write: Write, writer: Writer): readonly FieldOwner[] {
  const { resource, before, at } = write;
  const owners = before === undefined ? [] : ownersOf(before);
  const scope = scopeOf(writer.subresource);
  const inScope = owners.filter(({ subresource }) => scopeOf(subresource) === scope);
  const isAlone = inScope.every(({ fields, manager }) => fields === "rest" && manager === writer.manager);
  const isUnowned = inScope.length === 0 && (before === undefined || scope === "status");
  if (!isUnowned && (inScope.length === 0 || !isAlone)) return ownersAfterUpdate(write, writer);
  const own = ownerOfRest(resource, writer, at);
  return inScope[0] === own ? owners : [...owners.filter((owner) => !inScope.includes(owner)), own];
}

const ownersOfRest = new Map<string, FieldOwner>();

/** Times are shown to the second, so what is written within one has the same owner, once in memory. */
function ownerOfRest(resource: ResourceDefinition, { manager, subresource }: Writer, at: number): FieldOwner {
  const second = Math.floor(at / 1_000);
  const key = `${resource.id} ${manager} ${subresource} ${second}`;
  let owner = ownersOfRest.get(key);
  if (owner === undefined) {
    if (ownersOfRest.size >= 1_000) ownersOfRest.clear();
    const apiVersion = apiVersionOf(resource);
    owner = { manager, operation: "Update", subresource, apiVersion, at: second * 1_000, fields: "rest" };
    ownersOfRest.set(key, owner);
  }
  return owner;
}

/** The owners with the fields of everyone in the scope named. */
export function spelledOut(
  resource: ResourceDefinition,
  object: KubeObject,
  owners: readonly FieldOwner[],
  scope: Scope,
): readonly FieldOwner[] {
  return owners.map((owner) => {
    if (owner.fields !== "rest" || scopeOf(owner.subresource) !== scope) return owner;
    return { ...owner, fields: shared(fieldsOfOwner(resource, object, owner, owners)) };
  });
}

/** The owner without the fields, or nothing when it has no others. */
export function withoutFields(
  owner: FieldOwner,
  lost: Parameters<typeof difference>[1],
): readonly FieldOwner[] {
  if (owner.fields === "rest") return [owner];
  const left = difference(owner.fields.set, lost);
  return isEmptySet(left) ? [] : [{ ...owner, fields: shared(left) }];
}
