// All fields of a value as the JSON of FieldsV1, written straight away: what `compare` with an empty value would find.
// It is done for each version of each pod that goes to a watcher, so no set is made on the way.
import { isJsonObject, isSameJson } from "../../kube-object.ts";
import { ANY, type FieldType, isLeafType, typeOfField } from "../../types/field-type.ts";
import { itemsByElement } from "./list-items.ts";

/** Texts that come again with each object: of names, of items' keys, of objects with plain fields only. */
const CAPACITY = 5_000;
const names = new Map<string, string>();
const plainTexts = new Map<string, string>();

/** The members of the JSON object, without its braces; empty when nothing differs from the empty value. */
export function claimText(type: FieldType, value: unknown, empty: unknown): string {
  if (type.form === "list") {
    const items = [...itemsByElement(type, Array.isArray(value) ? value : [])];
    items.sort(([a], [b]) => (a < b ? -1 : 1));
    const texts = items.map(([element, item]) => `${quoted(element)}:{${node(type.items, item, undefined)}}`);
    return texts.join(",");
  }
  if (!isJsonObject(value)) return "";
  const emptyFields = isJsonObject(empty) ? empty : undefined;
  const shape = emptyFields === undefined ? plainShape(type, value) : undefined;
  const known = shape === undefined ? undefined : plainTexts.get(shape);
  if (known !== undefined) return known;
  const text = fieldsText(type, value, emptyFields);
  if (shape !== undefined) {
    if (plainTexts.size >= CAPACITY) plainTexts.clear();
    plainTexts.set(shape, text);
  }
  return text;
}

type Fields = Readonly<Record<string, unknown>>;

/** The names of the fields where each is a leaf, so that nothing else counts; else undefined. */
function plainShape(type: FieldType, value: Fields): string | undefined {
  let shape = "";
  for (const field in value) {
    const inner = value[field];
    if (inner === undefined) continue;
    if (!isLeaf(typeOfField(type, field) ?? ANY, inner, undefined)) return undefined;
    shape += `${field}\n`;
  }
  return shape;
}

function fieldsText(type: FieldType, value: Fields, emptyFields: Fields | undefined): string {
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
  return quoted(`f:${field}`);
}

function quoted(element: string): string {
  let text = names.get(element);
  if (text === undefined) {
    text = JSON.stringify(element);
    if (names.size >= CAPACITY) names.clear();
    names.set(element, text);
  }
  return text;
}
