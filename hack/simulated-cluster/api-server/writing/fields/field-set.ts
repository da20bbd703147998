// Sets of fields, in the form in which managedFields show them (FieldsV1), and what is done with them. Pure.

/**
 * A set as a tree: keys are path elements ("f:spec", `k:{"name":"app"}`, `v:"x"`). A node without children is a
 * member; a node with children is one when it has the key ".".
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

export type Path = readonly string[];

/** The element that makes an inner node a member. */
const SELF = ".";

export const NO_FIELDS: FieldSet = Object.freeze({});

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

interface BuilderNode {
  isMember: boolean;
  readonly children: Map<string, BuilderNode>;
}

/** Collects paths into a set. */
export class FieldSetBuilder {
  readonly #root: BuilderNode = { isMember: false, children: new Map() };

  add(path: Path): void {
    let node = this.#root;
    for (const element of path) {
      let next = node.children.get(element);
      if (next === undefined) {
        next = { isMember: false, children: new Map() };
        node.children.set(element, next);
      }
      node = next;
    }
    node.isMember = true;
  }

  build(): FieldSet {
    return built(this.#root);
  }
}

function built({ isMember, children }: BuilderNode): FieldSet {
  const result: Record<string, FieldSet> = {};
  if (isMember && children.size > 0) result[SELF] = {};
  for (const [element, child] of children) result[element] = built(child);
  return result;
}

function isMember(node: FieldSet): boolean {
  return SELF in node || isEmptySet(node);
}

/** Makes a node of its membership and its children; undefined when nothing is left. */
function nodeOf(isItself: boolean, children: readonly (readonly [string, FieldSet])[]): FieldSet | undefined {
  if (children.length === 0) return isItself ? {} : undefined;
  return Object.fromEntries(isItself ? [[SELF, {}], ...children] : children);
}

function childrenOf(node: FieldSet): [string, FieldSet][] {
  return Object.entries(node).filter(([element]) => element !== SELF);
}

/** The fields of either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b;
  if (isEmptySet(b)) return a;
  const elements = new Set([...Object.keys(a), ...Object.keys(b)]);
  elements.delete(SELF);
  const children = [...elements].map((element) => {
    const [ofA, ofB] = [a[element], b[element]];
    if (ofA === undefined || ofB === undefined) return [element, (ofA ?? ofB) as FieldSet] as const;
    const isItself = isMember(ofA) || isMember(ofB);
    const inner = childrenOf(union(withoutSelf(ofA), withoutSelf(ofB)));
    return [element, nodeOf(isItself, inner) ?? {}] as const;
  });
  return Object.fromEntries(children);
}

/** The fields of the first that are not in the second. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** The fields of both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

function combine(a: FieldSet, b: FieldSet, keep: (inA: boolean, inB: boolean) => boolean): FieldSet {
  const children: [string, FieldSet][] = [];
  for (const [element, ofA] of childrenOf(a)) {
    const ofB = b[element];
    const isItself = keep(isMember(ofA), ofB !== undefined && isMember(ofB));
    const inner = childrenOf(
      combine(withoutSelf(ofA), ofB === undefined ? NO_FIELDS : withoutSelf(ofB), keep),
    );
    const node = nodeOf(isItself, inner);
    if (node !== undefined) children.push([element, node]);
  }
  return Object.fromEntries(children);
}

function withoutSelf(node: FieldSet): FieldSet {
  if (!(SELF in node)) return node;
  const { [SELF]: _self, ...children } = node;
  return children;
}

/** All members, in the order in which the API server shows them. */
export function pathsOf(set: FieldSet, prefix: Path = []): Path[] {
  // As the API server goes through sets: first what is in the set itself, then what is below.
  const children = childrenOf(sorted(set));
  return [
    ...children.flatMap(([element, node]) => (isMember(node) ? [[...prefix, element]] : [])),
    ...children.flatMap(([element, node]) => pathsOf(node, [...prefix, element])),
  ];
}

/** Whether the set has the path or anything below it. */
export function reaches(set: FieldSet, path: Path): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.[element];
  return node !== undefined;
}

/** The same set with its elements in the order of the API server: itself, fields, keys, values. */
export function sorted(set: FieldSet): FieldSet {
  const entries = Object.entries(set).map(([element, node]) => [element, sorted(node)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A path as messages show it: `.spec.containers[name="app"].image`. */
export function pathText(path: Path): string {
  return path.map(elementText).join("");
}

function elementText(element: string): string {
  const content = element.slice(2);
  if (element.startsWith("f:")) return `.${content}`;
  if (element.startsWith("v:")) return `[=${content}]`;
  const keys = Object.entries(JSON.parse(content) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
}
