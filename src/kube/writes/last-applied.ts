// `kubectl apply` without --server-side takes away what its last manifest had and the next one has not. It keeps that last
// manifest in an annotation, and a rollback brings back fields of which that one knows nothing. Pure.
import { isDeepStrictEqual } from "node:util";
import { asList, asObject, isObject, metaOf, type RawObject } from "../objects.ts";

export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The most that the API server takes of annotations, names and values together. */
const MOST_BYTES = 256 * 1024;
/** For RolloutGuard's own annotations, which the same patch sets. */
const ROOM_FOR_OWN_BYTES = 2 * 1024;

/**
 * The annotation as it has to be after a rollback from the workload's present template to `template`: what the rollback
 * brings back or changes is part of the last manifest too, so that the next `kubectl apply` takes it away or changes it. What
 * others have set on the live object, and both templates have, stays theirs. Undefined when the annotation must be left as it
 * is: there is none, it cannot be read, it is about another object, or it would be too long.
 */
export function lastAppliedAfter(workload: RawObject, template: RawObject): string | undefined {
  const { annotations } = metaOf(workload);
  const text = annotations[LAST_APPLIED];
  const manifest = text === undefined ? undefined : manifestOf(workload, text);
  if (text === undefined || manifest === undefined) return undefined;
  const spec = asObject(manifest.spec);
  const present = asObject(asObject(workload.spec).template);
  const next = { ...manifest, spec: { ...spec, template: claimedFields(template, present, spec.template) } };
  const written = textOf(next);
  if (written === undefined) return undefined;
  const all = Object.entries({ ...annotations, [LAST_APPLIED]: written }).flat();
  const bytes = all.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  return bytes + ROOM_FOR_OWN_BYTES > MOST_BYTES ? undefined : written;
}

/** As kubectl writes it. Undefined for what is nested too deeply, which can be read all the same. */
function textOf(manifest: RawObject): string | undefined {
  try {
    return `${JSON.stringify(manifest)}\n`;
  } catch {
    return undefined;
  }
}

function manifestOf(workload: RawObject, text: string): RawObject | undefined {
  const manifest = parsed(text);
  if (!isObject(manifest) || !isObject(asObject(manifest.spec).template)) return undefined;
  const [it, live] = [metaOf(manifest), metaOf(workload)];
  const isOfThis =
    manifest.kind === workload.kind &&
    manifest.apiVersion === workload.apiVersion &&
    it.name === live.name &&
    (it.namespace === live.namespace || it.namespace === "");
  return isOfThis ? manifest : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What of a restored value belongs into the last manifest: all that the rollback brings or changes, and what the manifest had
 * of what stays as it is. Undefined when that is nothing.
 */
function claimed(restored: unknown, present: unknown, applied: unknown): unknown {
  if (isObject(restored) && isObject(present)) return claimedFields(restored, present, applied);
  if (Array.isArray(restored) && Array.isArray(present)) return claimedItems(restored, present, applied);
  return isDeepStrictEqual(restored, present) && applied === undefined ? undefined : restored;
}

function claimedFields(restored: RawObject, present: RawObject, applied: unknown): RawObject | undefined {
  const fields = Object.entries(restored).flatMap(([name, value]) => {
    if (value === null) return [];
    const isNew = !Object.hasOwn(present, name);
    const kept = isNew ? value : claimed(value, present[name], ownValue(asObject(applied), name));
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return fields.length === 0 && applied === undefined ? undefined : Object.fromEntries(fields);
}

/** Items that have names are compared one by one; any other list is one value. */
function claimedItems(
  restored: readonly unknown[],
  present: readonly unknown[],
  applied: unknown,
): readonly unknown[] | undefined {
  const key = ITEM_KEYS.find((name) => tells(name, restored) && tells(name, present));
  if (key === undefined)
    return isDeepStrictEqual(restored, present) && applied === undefined ? undefined : restored;
  const byKey = (items: readonly unknown[]) => new Map(items.map((item) => [asObject(item)[key], item]));
  const [presentItems, appliedItems] = [byKey(present), byKey(asList(applied))];
  const items = restored.map(asObject).flatMap((item) => {
    const there = presentItems.get(item[key]);
    if (there === undefined) return [item];
    const kept = claimed(item, there, appliedItems.get(item[key]));
    // Without the key of the list kubectl cannot read the item.
    return kept === undefined ? [] : [{ ...itemKeysOf(item), ...asObject(kept) }];
  });
  return items.length === 0 && applied === undefined ? undefined : items;
}

/** By which the items of lists in pod templates are told apart, as `patchMergeKey` has it in the API's types. */
const ITEM_KEYS = ["mountPath", "devicePath", "name", "containerPort", "topologyKey", "ip"];

/** Whether all items are objects that differ in this field, which is a text or a number. */
function tells(name: string, items: readonly unknown[]): boolean {
  const values = items.map((item) => asObject(item)[name]);
  return (
    values.every((value) => ["string", "number"].includes(typeof value)) &&
    new Set(values).size === values.length
  );
}

function itemKeysOf(item: RawObject): RawObject {
  return Object.fromEntries(Object.entries(item).filter(([name]) => ITEM_KEYS.includes(name)));
}

/** An annotation may be called "constructor". */
function ownValue(fields: RawObject, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
