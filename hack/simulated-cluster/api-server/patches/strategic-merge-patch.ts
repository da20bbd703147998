// Kubernetes' strategic merge patch: like a merge patch, but lists are merged as their types say. Pure.
import { isJsonObject } from "../kube-object.ts";
import { ANY, type FieldType, type PatchStrategy, typeOfField } from "../types/field-type.ts";

type Fields = Readonly<Record<string, unknown>>;

const REPLACED: PatchStrategy = { isMerged: false };

/** The result of the patch with its directives: `$patch`, `$retainKeys`, `$setElementOrder`, `$deleteFromPrimitiveList`. */
export function applyStrategicMergePatch(type: FieldType, target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  if (patch["$patch"] === "delete") return {};
  let result: Record<string, unknown> = isJsonObject(target) ? { ...target } : {};
  const retained = patch["$retainKeys"];
  if (Array.isArray(retained)) {
    result = Object.fromEntries(Object.entries(result).filter(([field]) => retained.includes(field)));
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith("$")) continue;
    const fieldType = typeOfField(type, field) ?? ANY;
    if (value === null || (isJsonObject(value) && value["$patch"] === "delete")) delete result[field];
    else if (Array.isArray(value)) {
      result[field] = mergeList(fieldType, strategyOf(type, field), result[field], value);
    } else result[field] = applyStrategicMergePatch(fieldType, result[field], value);
  }
  for (const [directive, value] of Object.entries(patch)) {
    const [kind, field = ""] = directive.split("/");
    const list = result[field];
    if (!Array.isArray(list) || !Array.isArray(value)) continue;
    if (kind === "$deleteFromPrimitiveList") result[field] = list.filter((item) => !value.includes(item));
    if (kind === "$setElementOrder") result[field] = ordered(list, value, strategyOf(type, field).mergeKey);
  }
  return result;
}

function strategyOf(type: FieldType, field: string): PatchStrategy {
  return (type.form === "struct" ? type.fields.get(field)?.patch : undefined) ?? REPLACED;
}

function mergeList(
  type: FieldType,
  { isMerged, mergeKey }: PatchStrategy,
  current: unknown,
  patch: readonly unknown[],
): unknown[] {
  const live: readonly unknown[] = Array.isArray(current) ? current : [];
  const isReplacing = (item: unknown) => isJsonObject(item) && item["$patch"] === "replace";
  if (!isMerged || patch.some(isReplacing)) return patch.filter((item) => !isReplacing(item));
  if (mergeKey === undefined) return [...new Set([...live, ...patch])];
  const items = type.form === "list" ? type.items : ANY;
  const isSame = (a: unknown, b: unknown) =>
    isJsonObject(a) && isJsonObject(b) && a[mergeKey] === b[mergeKey];
  const untouched = live.filter((item) => !patch.some((each) => isSame(each, item)));
  const patched = patch.filter(isJsonObject).flatMap((item) => {
    if (item["$patch"] === "delete") return [];
    const index = live.findIndex((each) => isSame(each, item));
    if (index === -1) return [{ index, item: withoutDirectives(item) }];
    return [{ index, item: applyStrategicMergePatch(items, live[index], item) }];
  });
  return inOrder(untouched, live, patched);
}

/** What the patch does not touch goes before a patched item that it stood before, and behind new ones. */
function inOrder(
  untouched: readonly unknown[],
  live: readonly unknown[],
  patched: readonly { readonly index: number; readonly item: unknown }[],
): unknown[] {
  const rest = [...untouched];
  const result = patched.flatMap(({ index, item }) => {
    const before: unknown[] = [];
    while (rest.length > 0 && live.indexOf(rest[0]) < index) before.push(rest.shift());
    return [...before, item];
  });
  return [...result, ...rest];
}

/** The list in the order wanted; an item that the order does not name stays behind the one it stood behind. */
function ordered(
  list: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const keyOf = (item: unknown) => (mergeKey !== undefined && isJsonObject(item) ? item[mergeKey] : item);
  const wanted = order.map(keyOf);
  const result = wanted.flatMap((key) => list.filter((item) => keyOf(item) === key));
  for (const [i, item] of list.entries()) {
    if (wanted.includes(keyOf(item))) continue;
    const before = result.indexOf(list[i - 1]);
    result.splice(before + 1, 0, item);
  }
  return result;
}

/** A new value says what it wants of an old one in vain: its directives are left out, and what they delete. */
function withoutDirectives(value: Fields): Record<string, unknown> {
  const entries = Object.entries(value).filter(([field, each]) => !field.startsWith("$") && each !== null);
  return Object.fromEntries(entries.map(([field, each]) => [field, plain(each)]));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !(isJsonObject(item) && item["$patch"] === "delete")).map(plain);
  }
  return isJsonObject(value) ? withoutDirectives(value) : value;
}
