// The entries of managedFields: who owns which fields of an object, by the API server's account. Pure; takes any JSON.
import { FIELD_MANAGERS } from "../../api/group.ts";
import { asInstant, asList, asObject, asText, isObject, type RawObject } from "../objects.ts";
import type { FieldPath } from "./field-set.ts";

export interface ManagedEntry {
  /** As the API server has it. */
  readonly raw: RawObject;
  readonly manager: string;
  /** By server-side apply; everything else is an update. */
  readonly isApply: boolean;
  /** Of the object itself, and not of its status or scale. */
  readonly isOfObject: boolean;
  readonly apiVersion: string;
  /** When it last changed (epoch ms); 0 when unknown. */
  readonly at: number;
  readonly fields: RawObject;
}

/** The pod template of a workload. */
export const TEMPLATE: FieldPath = ["f:spec", "f:template"];

/** The entries of the object, in their order. */
export function managedEntries(object: RawObject): readonly ManagedEntry[] {
  return asList(asObject(object.metadata).managedFields).map((entry) => {
    const raw = isObject(entry) ? entry : {};
    return {
      raw,
      manager: asText(raw.manager),
      isApply: raw.operation === "Apply",
      isOfObject: asText(raw.subresource) === "",
      apiVersion: asText(raw.apiVersion),
      at: asInstant(raw.time) ?? 0,
      fields: asObject(raw.fieldsV1),
    };
  });
}

/** Whether it says what RolloutGuard itself has written. */
export function isOwn({ manager, isApply, isOfObject }: ManagedEntry): boolean {
  return FIELD_MANAGERS.has(manager) && !isApply && isOfObject;
}
