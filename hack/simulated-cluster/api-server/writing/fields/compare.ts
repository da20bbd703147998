// Which fields differ between two versions of an object, and which fields a configuration names. Pure.
// After the rules of structured-merge-diff, by which the API server tracks who owns a field.
import { isJsonObject, isSameJson } from "../../kube-object.ts";
import { ANY, type FieldType, isLeafType, type ListType, typeOfField } from "../../types/field-type.ts";
import { type FieldSet, FieldSetBuilder } from "./field-set.ts";
import { elementOf, itemsByElement } from "./list-items.ts";

export interface Comparison {
  /** Fields that are new or have another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** The difference of two values of a type. */
export function compare(type: FieldType, before: unknown, after: unknown): Comparison {
  const changed = new FieldSetBuilder();
  const removed = new FieldSetBuilder();
  const path: string[] = [];

  function descend(element: string, itemType: FieldType, old: unknown, now: unknown): void {
    if (old === now) return;
    path.push(element);
    if (isLeaf(itemType, old, now)) {
      if (!isSameJson(old, now)) (now === undefined ? removed : changed).add(path);
    } else {
      visit(itemType, old, now);
      if (old === undefined) changed.add(path);
      else if (now === undefined) removed.add(path);
    }
    path.pop();
  }

  function visit(itemType: FieldType, old: unknown, now: unknown): void {
    if (itemType.form === "list") {
      visitItems(itemType, Array.isArray(old) ? old : [], Array.isArray(now) ? now : []);
      return;
    }
    const [oldFields, nowFields] = [fieldsOf(old), fieldsOf(now)];
    for (const field of Object.keys(nowFields)) {
      descend(`f:${field}`, typeOfField(itemType, field) ?? ANY, oldFields[field], nowFields[field]);
    }
    for (const field of Object.keys(oldFields)) {
      if (nowFields[field] !== undefined) continue;
      descend(`f:${field}`, typeOfField(itemType, field) ?? ANY, oldFields[field], undefined);
    }
  }

  function visitItems(list: ListType, old: readonly unknown[], now: readonly unknown[]): void {
    const oldItems = itemsByElement(list, old);
    const nowItems = itemsByElement(list, now);
    for (const [element, item] of nowItems) descend(element, list.items, oldItems.get(element), item);
    for (const [element, item] of oldItems) {
      if (!nowItems.has(element)) descend(element, list.items, item, undefined);
    }
  }

  visit(type, before, after);
  return { changed: changed.build(), removed: removed.build() };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}

/** Values without content are leaves, so that "empty" and "absent" can be told apart. */
function isLeaf(type: FieldType, old: unknown, now: unknown): boolean {
  if (isLeafType(type, now ?? old)) return true;
  const isEmpty = (value: unknown) =>
    value === undefined || value === null || typeof value !== "object" || Object.keys(value).length === 0;
  return isEmpty(old) && isEmpty(now);
}

/** The fields that an applied configuration claims. */
export function fieldsIn(type: FieldType, configuration: unknown): FieldSet {
  const claimed = new FieldSetBuilder();
  const path: string[] = [];

  function claim(element: string, itemType: FieldType, value: unknown, isItem: boolean): void {
    path.push(element);
    const isEmpty =
      value === null ||
      (isJsonObject(value) && Object.keys(value).length === 0) ||
      isLeafType(itemType, value);
    if (isEmpty || isItem) claimed.add(path);
    if (!isEmpty) visit(itemType, value);
    path.pop();
  }

  function visit(itemType: FieldType, value: unknown): void {
    if (itemType.form === "list") {
      const items: readonly unknown[] = Array.isArray(value) ? value : [];
      for (const item of items) claim(elementOf(itemType, item), itemType.items, item, true);
      return;
    }
    for (const [field, each] of Object.entries(fieldsOf(value))) {
      claim(`f:${field}`, typeOfField(itemType, field) ?? ANY, each, itemType.form !== "struct");
    }
  }

  visit(type, configuration);
  return claimed.build();
}
