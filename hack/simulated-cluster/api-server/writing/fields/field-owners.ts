// Who owns which fields of an object: the entries behind metadata.managedFields, kept with the object.
import type { KubeObject } from "../../kube-object.ts";
import type { ResourceDefinition } from "../../resource-definition.ts";
import type { SharedFields } from "./shared-fields.ts";

/**
 * The part of an object that a write is about: everything but the status, or the status. Both are tracked apart,
 * because a write of the one cannot touch the other.
 */
export type Scope = "main" | "status";

export interface FieldOwner {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly apiVersion: string;
  /** Epoch ms of its last write. */
  readonly at: number;
  /**
   * The fields, or "rest": all fields of the scope that no other owner claims. The writes of controllers and
   * kubelets are kept so; they cost nothing until somebody asks.
   */
  readonly fields: SharedFields | "rest";
}

/** Somebody who writes over HTTP. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
}

const OWNERS = Symbol("field owners");

interface Ownership {
  readonly resource: ResourceDefinition;
  readonly owners: readonly FieldOwner[];
}

type Owned = { readonly [OWNERS]?: Ownership };

/** The owners of an object's fields; a copy made by spreading the object keeps them. */
export function ownersOf(object: object): readonly FieldOwner[] {
  return (object as Owned)[OWNERS]?.owners ?? [];
}

/** The resource of an object that has owners. */
export function resourceOf(object: object): ResourceDefinition | undefined {
  return (object as Owned)[OWNERS]?.resource;
}

/** The object with these owners. */
export function withOwners(
  object: KubeObject,
  resource: ResourceDefinition,
  owners: readonly FieldOwner[],
): KubeObject {
  const owned: KubeObject & Owned = { ...object, [OWNERS]: { resource, owners } };
  return owned;
}

/** The scope that a write through a subresource is about. */
export function scopeOf(subresource: string): Scope {
  return subresource === "status" ? "status" : "main";
}

/** Whether two entries are of the same manager: appliers keep one for all versions. */
export function isSameOwner(a: FieldOwner, b: Omit<FieldOwner, "fields" | "at">): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === "Apply" || a.apiVersion === b.apiVersion)
  );
}

/** In the order in which the API server shows them. */
export function sortedOwners(owners: readonly FieldOwner[]): readonly FieldOwner[] {
  return owners.toSorted(
    (a, b) =>
      order(a.operation, b.operation) ||
      order(Math.floor(a.at / 1_000), Math.floor(b.at / 1_000)) ||
      order(a.manager, b.manager) ||
      order(a.subresource, b.subresource),
  );
}

function order<T>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
