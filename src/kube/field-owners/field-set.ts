// Sets of fields in the form in which managedFields show them (FieldsV1). Pure; takes any JSON, of any size.
import { asObject, type RawObject } from "../objects.ts";

/** The way to a field from the object's root, as "f:spec", "f:replicas"; an item of a list is `k:{"name":"app"}`. */
export type FieldPath = readonly string[];

/** Makes a node with fields below it a member of the set itself. */
const SELF = ".";

/** Far more than any field of a Kubernetes object needs; what somebody has nested more deeply is left out. */
const MOST_DEEP = 50;

/** Whether the set has a field at or below a place. */
export function hasFieldsBelow(set: RawObject, place: FieldPath): boolean {
  return nodeAt(set, place) !== undefined;
}

/** All fields of the set that lie at or below a place. */
export function fieldsBelow(set: RawObject, place: FieldPath = []): readonly FieldPath[] {
  const found: FieldPath[] = [];
  const node = nodeAt(set, place);
  if (node !== undefined) collect(node, place, found);
  return found;
}

function collect(node: RawObject, place: FieldPath, found: FieldPath[]): void {
  if (place.length > MOST_DEEP) return;
  if (isMember(node) && place.length > 0) found.push(place);
  for (const [key, child] of Object.entries(node)) {
    if (key !== SELF) collect(asObject(child), [...place, key], found);
  }
}

/** How long the way is to the last field in the set that the path leads through; 0 when there is none. */
export function depthOfMember(set: RawObject, path: FieldPath): number {
  let [node, deepest] = [set, 0];
  for (const [index, key] of path.entries()) {
    if (!Object.hasOwn(node, key)) break;
    node = asObject(node[key]);
    if (isMember(node)) deepest = index + 1;
  }
  return deepest;
}

/** The set with more fields. */
export function withFields(set: RawObject, paths: readonly FieldPath[]): RawObject {
  const more = branch();
  for (const path of paths) {
    let node = more;
    for (const key of path) {
      const next = node.below.get(key) ?? branch();
      node.below.set(key, next);
      node = next;
    }
    node.isMember = true;
  }
  return withBranches(set, more);
}

interface Branch {
  isMember: boolean;
  readonly below: Map<string, Branch>;
}

function branch(): Branch {
  return { isMember: false, below: new Map() };
}

function withBranches(node: RawObject, { below }: Branch): RawObject {
  const added = [...below].map(([key, child]) => {
    const there = Object.hasOwn(node, key) ? asObject(node[key]) : undefined;
    const merged = withBranches(there ?? {}, child);
    const isItself = child.isMember || (there !== undefined && isMember(there));
    const { [SELF]: _self, ...others } = merged;
    // With nothing below it, it is a member by that.
    return [key, isItself && Object.keys(others).length > 0 ? { [SELF]: {}, ...others } : others] as const;
  });
  return { ...node, ...Object.fromEntries(added) };
}

/** The set without what lies at or below a place in it. */
export function withoutPlace(set: RawObject, [key, ...rest]: FieldPath): RawObject {
  if (key === undefined || !Object.hasOwn(set, key)) return set;
  const { [key]: child, ...others } = set;
  if (rest.length === 0) return others;
  const left = withoutPlace(asObject(child), rest);
  return Object.keys(left).length === 0 ? others : { ...others, [key]: left };
}

function nodeAt(set: RawObject, path: FieldPath): RawObject | undefined {
  let node = set;
  for (const key of path) {
    if (!Object.hasOwn(node, key)) return undefined;
    node = asObject(node[key]);
  }
  return node;
}

/** Remembered: to see whether an object of many keys has any takes V8 as long as to go through all. */
const memberships = new WeakMap<object, boolean>();

function isMember(node: RawObject): boolean {
  const known = memberships.get(node);
  if (known !== undefined) return known;
  const is = Object.hasOwn(node, SELF) || Object.keys(node).length === 0;
  memberships.set(node, is);
  return is;
}
