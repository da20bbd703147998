// After a rollback RolloutGuard owns what the rollback changed. As long as it does, whoever applies the workload
// server-side is refused, or leaves behind what only the restored revision has. So it hands these fields over. Pure.
import type { RawObject } from "../objects.ts";
import { CHANGE_CAUSE_FIELD } from "./change-cause.ts";
import { depthOfMember, type FieldPath, fieldsBelow, withField, withoutPlace } from "./field-set.ts";
import { isOwn, type ManagedEntry, managedEntries, TEMPLATE } from "./managed-entry.ts";

/** All that a rollback changes and an applier can have in its manifest. */
const HANDED_OVER: readonly FieldPath[] = [TEMPLATE, CHANGE_CAUSE_FIELD];

/** Whether RolloutGuard owns fields that somebody else applies. */
export function blocksNextApply(workload: RawObject): boolean {
  const entries = managedEntries(workload);
  return entries.some((own) => hasToHandOver(own) && appliersFor(own, entries).length > 0);
}

/** Whether somebody applies the workload's pod template server-side. */
export function isAppliedServerSide(workload: RawObject): boolean {
  return managedEntries(workload).some(appliesTemplate);
}

/**
 * The workload's managedFields with RolloutGuard's fields in the entries of those who apply it; undefined when there is
 * nothing to hand over, or nobody to take it.
 */
export function handedOver(workload: RawObject): readonly RawObject[] | undefined {
  if (!blocksNextApply(workload)) return undefined;
  const entries = managedEntries(workload);
  const fieldsOf = new Map(entries.map((entry) => [entry, entry.fields]));
  for (const own of entries.filter(hasToHandOver)) {
    const appliers = appliersFor(own, entries);
    if (appliers.length === 0) continue;
    for (const path of HANDED_OVER.flatMap((place) => fieldsBelow(own.fields, place))) {
      const heir = heirOf(path, appliers);
      if (heir) fieldsOf.set(heir, withField(fieldsOf.get(heir) ?? {}, path));
    }
    fieldsOf.set(own, HANDED_OVER.reduce(withoutPlace, own.fields));
  }
  return entries.flatMap((entry) => {
    const fields = fieldsOf.get(entry) ?? {};
    if (fields === entry.fields) return [entry.raw];
    return Object.keys(fields).length === 0 ? [] : [{ ...entry.raw, fieldsV1: fields }];
  });
}

function hasToHandOver(entry: ManagedEntry): boolean {
  return isOwn(entry) && HANDED_OVER.some((place) => fieldsBelow(entry.fields, place).length > 0);
}

/** Who applies the workload's template. Names of fields can differ between versions of the API. */
function appliersFor(own: ManagedEntry, entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  return entries.filter((entry) => appliesTemplate(entry) && entry.apiVersion === own.apiVersion);
}

function appliesTemplate({ isApply, isOfObject, fields }: ManagedEntry): boolean {
  return isApply && isOfObject && fieldsBelow(fields, TEMPLATE).length > 0;
}

/**
 * Who gets a field when several apply the workload. Whose it was nobody knows any more, so it goes to the owner of the
 * nearest thing that it is a part of (a variable, a container); of several owners to the one who has most fields there,
 * because that one's manifest is the likeliest to have it; of equals to the latest.
 */
function heirOf(path: FieldPath, appliers: readonly ManagedEntry[]): ManagedEntry | undefined {
  if (appliers.length === 1) return appliers[0];
  const claims = appliers.map((entry) => {
    const depth = depthOfMember(entry.fields, path);
    const place = depth === 0 ? TEMPLATE : path.slice(0, depth);
    return { entry, depth, share: fieldsBelow(entry.fields, place).length };
  });
  const [best] = claims.sort((a, b) => b.depth - a.depth || b.share - a.share || b.entry.at - a.entry.at);
  return best?.entry;
}
