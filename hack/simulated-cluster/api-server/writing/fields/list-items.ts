// Items of lists that are merged: by which path element an item is known, and which items belong together. Pure.
import { isJsonObject } from "../../kube-object.ts";
import type { ListType } from "../../types/field-type.ts";

/** What a missing key stands for. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: "TCP" };

/** `k:{"name":"app"}` of a list of objects, `v:"x"` of a set. */
export function elementOf(type: ListType, item: unknown): string {
  if (type.merge === "set" || !isJsonObject(item)) return `v:${JSON.stringify(item)}`;
  const keys: Record<string, unknown> = {};
  for (const key of [...type.keys].sort()) {
    const value = item[key] ?? KEY_DEFAULTS[key];
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** The items by their element; of several with the same one the first. */
export function itemsByElement(type: ListType, items: readonly unknown[]): ReadonlyMap<string, unknown> {
  const result = new Map<string, unknown>();
  for (const item of items) {
    const element = elementOf(type, item);
    if (!result.has(element)) result.set(element, item);
  }
  return result;
}
