// All fields of a value as the JSON of FieldsV1, written straight away: what `compare` with an empty value would find.
// It is done for each version of each pod that goes to a watcher, so no set is made on the way.
import { isJsonObject, isSameJson } from "../kube-object.ts";
import { ANY, type FieldType, isLeafType, typeOfField } from "../types/field-type.ts";
import { itemsByElement } from "./list-items.ts";

const names = new Map<string, string>();

/** The members of the JSON object, without its braces; empty when nothing differs from the empty value. */
export function claimText(type: FieldType, value: unknown, empty: unknown): string {
  if (type.form === "list") {
    const items = [...itemsByElement(type, Array.isArray(value) ? value : [])];
    items.sort(([a], [b]) => (a < b ? -1 : 1));
    const texts = items.map(
      ([element, item]) => `${JSON.stringify(element)}:{${node(type.items, item, undefined)}}`,
    );
    return texts.join(",");
  }
  if (!isJsonObject(value)) return "";
  const emptyFields = isJsonObject(empty) ? empty : undefined;
  let text = "";
  for (const field of Object.keys(value).sort()) {
    const inner = value[field];
    if (inner === undefined) continue;
    const before = emptyFields?.[field];
    const fieldType = typeOfField(type, field) ?? ANY;
    let part = "";
    if (!isLeaf(fieldType, inner, before)) {
      part = node(fieldType, inner, before);
      if (part === "") continue;
    } else if (isSameJson(before, inner)) continue;
    text += `${text === "" ? "" : ","}${nameText(field)}:{${part}}`;
  }
  return text;
}

/** What stands in the braces of one element. */
function node(type: FieldType, value: unknown, before: unknown): string {
  const isWhole = isLeaf(type, value, before);
  if (isWhole) return "";
  const inner = claimText(type, value, before);
  if (before !== undefined) return inner;
  return inner === "" ? '".":{}' : `".":{},${inner}`;
}

function isLeaf(type: FieldType, value: unknown, before: unknown): boolean {
  if (isLeafType(type, value)) return true;
  return isEmpty(value) && isEmpty(before);
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  for (const _ in value) return false;
  return true;
}

function nameText(field: string): string {
  let text = names.get(field);
  if (text === undefined) {
    text = JSON.stringify(`f:${field}`);
    if (names.size > 5_000) names.clear();
    names.set(field, text);
  }
  return text;
}
