// Sets of fields in the form in which managedFields show them (FieldsV1). Pure; takes any JSON.
import { asObject, type RawObject } from "../objects.ts";

/** The way to a field from the object's root, as "f:spec", "f:replicas"; an item of a list is `k:{"name":"app"}`. */
export type FieldPath = readonly string[];

/** Makes a node with fields below it a member of the set itself. */
const SELF = ".";

/** All fields of the set that lie at or below a place in it. */
export function fieldsBelow(set: RawObject, place: FieldPath = []): readonly FieldPath[] {
  const node = nodeAt(set, place);
  if (node === undefined) return [];
  const below = Object.keys(node)
    .filter((key) => key !== SELF)
    .flatMap((key) => fieldsBelow(set, [...place, key]));
  return isMember(node) && place.length > 0 ? [place, ...below] : below;
}

/** How long the way is to the last field in the set that the path leads through; 0 when there is none. */
export function depthOfMember(set: RawObject, path: FieldPath): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = nodeAt(set, path.slice(0, depth));
    if (node !== undefined && isMember(node)) return depth;
  }
  return 0;
}

/** The set with one field more. */
export function withField(set: RawObject, [key, ...rest]: FieldPath): RawObject {
  if (key === undefined) return set;
  const child = Object.hasOwn(set, key) ? asObject(set[key]) : undefined;
  return { ...set, [key]: rest.length === 0 ? itself(child) : withField(asParent(child), rest) };
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

function isMember(node: RawObject): boolean {
  return Object.hasOwn(node, SELF) || Object.keys(node).length === 0;
}

/** The node as a member; with nothing below it, it is one by that. */
function itself(node: RawObject = {}): RawObject {
  return isMember(node) ? node : { [SELF]: {}, ...node };
}

/** The node, about to get a field below it: a member stays one. */
function asParent(node: RawObject | undefined): RawObject {
  if (node === undefined) return {};
  return Object.keys(node).length === 0 ? { [SELF]: {} } : node;
}
