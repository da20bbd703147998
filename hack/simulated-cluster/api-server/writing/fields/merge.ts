// Merging an applied configuration into the live object, and taking out what is not applied any more. Pure.
import { isJsonObject } from "../../kube-object.ts";
import { ANY, type FieldType, isLeafType, type ListType, typeOfField } from "../../types/field-type.ts";
import type { Path } from "./field-set.ts";
import { elementOf, itemsByElement } from "./list-items.ts";

/** The live value with everything that the configuration says. New items of lists go to the end. */
export function merged(type: FieldType, live: unknown, configuration: unknown): unknown {
  if (configuration === undefined) return live;
  if (configuration === null || isLeafType(type, configuration)) return configuration;
  if (type.form === "list") {
    return Array.isArray(configuration) ? mergedList(type, live, configuration) : configuration;
  }
  if (!isJsonObject(configuration)) return configuration;
  const result: Record<string, unknown> = isJsonObject(live) ? { ...live } : {};
  for (const [field, value] of Object.entries(configuration)) {
    result[field] = merged(typeOfField(type, field) ?? ANY, result[field], value);
  }
  return result;
}

function mergedList(type: ListType, live: unknown, configuration: readonly unknown[]): unknown[] {
  const items = new Map(itemsByElement(type, Array.isArray(live) ? live : []));
  for (const item of configuration) {
    const element = elementOf(type, item);
    items.set(element, merged(type.items, items.get(element), item));
  }
  return [...items.values()];
}

/** The value without the field or item at the path; parents stay, if only as empty ones. */
export function withoutPath(type: FieldType, value: unknown, path: Path): unknown {
  const [element, ...rest] = path;
  if (element === undefined) return undefined;
  if (type.form === "list") {
    if (!Array.isArray(value)) return value;
    return value.flatMap((item: unknown) => {
      if (elementOf(type, item) !== element) return [item];
      const left = withoutPath(type.items, item, rest);
      return left === undefined ? [] : [left];
    });
  }
  const field = element.slice("f:".length);
  if (!isJsonObject(value) || value[field] === undefined) return value;
  const { [field]: inner, ...others } = value;
  const left = withoutPath(typeOfField(type, field) ?? ANY, inner, rest);
  return left === undefined ? others : { ...value, [field]: left };
}
