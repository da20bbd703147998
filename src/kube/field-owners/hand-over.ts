// After a rollback RolloutGuard owns what the rollback, or the pause that stops it, changed. As long as it does, whoever applies the workload
// server-side is refused, or leaves behind what only the restored revision has. So it hands these fields over. Pure.
import type { RawObject } from "../objects.ts";
import { CHANGE_CAUSE_FIELD } from "./change-cause.ts";
import {
  depthOfMember,
  type FieldPath,
  fieldsBelow,
  hasFieldsBelow,
  withFields,
  withoutPlace,
} from "./field-set.ts";
import { isOwn, type ManagedEntry, managedEntries, TEMPLATE } from "./managed-entry.ts";

/** A pause that stops a rollback. A manifest can say `paused: false`. */
const PAUSED: FieldPath = ["f:spec", "f:paused"];

/** All that a rollback changes and an applier can have in its manifest. */
const HANDED_OVER: readonly FieldPath[] = [TEMPLATE, PAUSED, CHANGE_CAUSE_FIELD];

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
    const heirOf = heirsAmong(appliers);
    const paths = HANDED_OVER.flatMap((place) => fieldsBelow(own.fields, place));
    for (const [heir, inherited] of Map.groupBy(paths, heirOf)) {
      fieldsOf.set(heir, withFields(fieldsOf.get(heir) ?? {}, inherited));
    }
    fieldsOf.set(
      own,
      HANDED_OVER.reduce<RawObject>((set, place) => withoutPlace(set, place), own.fields),
    );
  }
  return entries.flatMap((entry) => {
    const fields = fieldsOf.get(entry) ?? {};
    if (fields === entry.fields) return [entry.raw];
    return Object.keys(fields).length === 0 ? [] : [{ ...entry.raw, fieldsV1: fields }];
  });
}

function hasToHandOver(entry: ManagedEntry): boolean {
  return isOwn(entry) && HANDED_OVER.some((place) => hasFieldsBelow(entry.fields, place));
}

/** Who applies the workload's template. Names of fields can differ between versions of the API. */
function appliersFor(own: ManagedEntry, entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  return entries.filter((entry) => appliesTemplate(entry) && entry.apiVersion === own.apiVersion);
}

function appliesTemplate({ isApply, isOfObject, fields }: ManagedEntry): boolean {
  return isApply && isOfObject && hasFieldsBelow(fields, TEMPLATE);
}

/**
 * Who gets a field when several apply the workload. Whose it was nobody knows any more, so it goes to the owner of the
 * nearest thing that it is a part of (a variable, a container); of several owners to the one who has most fields there,
 * because that one's manifest is the likeliest to have it; of equals to the latest.
 */
function heirsAmong(appliers: readonly ManagedEntry[]): (path: FieldPath) => ManagedEntry {
  const [first, ...others] = appliers;
  if (first === undefined) throw new TypeError("no client applies the workload");
  const shares = new Map<string, number>();
  const claimOf = (entry: ManagedEntry, path: FieldPath) => {
    const depth = depthOfMember(entry.fields, path);
    const place = depth === 0 ? TEMPLATE : path.slice(0, depth);
    const key = `${appliers.indexOf(entry)} ${place.join(" ")}`;
    const share = shares.get(key) ?? fieldsBelow(entry.fields, place).length;
    shares.set(key, share);
    return { entry, depth, share };
  };
  return (path) => {
    const claims = others.map((entry) => claimOf(entry, path));
    return claims.reduce((best, claim) => (isBetter(claim, best) ? claim : best), claimOf(first, path)).entry;
  };
}

interface Claim {
  readonly entry: ManagedEntry;
  readonly depth: number;
  readonly share: number;
}

function isBetter(one: Claim, other: Claim): boolean {
  return (one.depth - other.depth || one.share - other.share || one.entry.at - other.entry.at) > 0;
}
