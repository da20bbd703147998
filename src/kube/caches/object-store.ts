// Projections by namespace and name, with indexes: what the caches are made of.

/** Why an object is found: the index's key for it, or undefined to leave it out. */
export type IndexKey<View> = (view: View, namespace: string) => string | undefined;

interface Entry<View> {
  readonly name: string;
  view: View;
  resourceVersion: string;
}

/**
 * What an index puts under one key. Most keys have one entry, for which a set of its own would cost more memory than
 * the entry.
 */
type Group<View> = Entry<View> | Set<Entry<View>>;

/** A set of projections. Every lookup costs what it finds, never what is stored. */
export class ObjectStore<View, IndexName extends string = never> {
  readonly #byNamespace = new Map<string, Map<string, Entry<View>>>();
  readonly #indexes: readonly { readonly name: IndexName; readonly keyOf: IndexKey<View> }[];
  readonly #groups: Record<IndexName, Map<string, Group<View>>>;
  #size = 0;

  constructor(indexes: Readonly<Record<IndexName, IndexKey<View>>>) {
    const names = Object.keys(indexes) as IndexName[];
    this.#indexes = names.map((name) => ({ name, keyOf: indexes[name] }));
    const groups = names.map((name) => [name, new Map<string, Group<View>>()]);
    this.#groups = Object.fromEntries(groups) as Record<IndexName, Map<string, Group<View>>>;
  }

  get size(): number {
    return this.#size;
  }

  get(namespace: string, name: string): View | undefined {
    return this.#byNamespace.get(namespace)?.get(name)?.view;
  }

  /** Whether there is any in the namespace. */
  hasIn(namespace: string): boolean {
    return this.#byNamespace.has(namespace);
  }

  resourceVersionOf(namespace: string, name: string): string | undefined {
    return this.#byNamespace.get(namespace)?.get(name)?.resourceVersion;
  }

  put(namespace: string, name: string, resourceVersion: string, view: View): void {
    const entries = this.#byNamespace.get(namespace) ?? new Map<string, Entry<View>>();
    this.#byNamespace.set(namespace, entries);
    const entry = entries.get(name);
    if (entry === undefined) {
      const added = { name, view, resourceVersion };
      entries.set(name, added);
      this.#size += 1;
      for (const index of this.#indexes) this.#join(index.name, index.keyOf(view, namespace), added);
      return;
    }
    const before = entry.view;
    entry.view = view;
    entry.resourceVersion = resourceVersion;
    if (before === view) return;
    for (const { name: index, keyOf } of this.#indexes) {
      const [left, joined] = [keyOf(before, namespace), keyOf(view, namespace)];
      if (left === joined) continue;
      this.#leave(index, left, entry);
      this.#join(index, joined, entry);
    }
  }

  remove(namespace: string, name: string): void {
    const entries = this.#byNamespace.get(namespace);
    const entry = entries?.get(name);
    if (entries === undefined || entry === undefined) return;
    entries.delete(name);
    if (entries.size === 0) this.#byNamespace.delete(namespace);
    this.#size -= 1;
    for (const index of this.#indexes) this.#leave(index.name, index.keyOf(entry.view, namespace), entry);
  }

  /** The projections that the index puts under the key. */
  *by(index: IndexName, key: string): Generator<View> {
    for (const entry of this.#group(index, key)) yield entry.view;
  }

  /** The same with their names. */
  *entriesBy(index: IndexName, key: string): Generator<readonly [name: string, view: View]> {
    for (const entry of this.#group(index, key)) yield [entry.name, entry.view];
  }

  /** Namespace and name of all, or of those of one namespace. */
  *names(namespace?: string): Generator<readonly [namespace: string, name: string]> {
    const scope = namespace === undefined ? this.#byNamespace.keys() : [namespace];
    for (const each of scope) {
      for (const name of this.#byNamespace.get(each)?.keys() ?? []) yield [each, name];
    }
  }

  #group(index: IndexName, key: string): Iterable<Entry<View>> {
    const group = this.#groups[index].get(key);
    if (group === undefined) return [];
    return group instanceof Set ? group : [group];
  }

  #join(index: IndexName, key: string | undefined, entry: Entry<View>): void {
    if (key === undefined) return;
    const groups = this.#groups[index];
    const group = groups.get(key);
    if (group === undefined) groups.set(key, entry);
    else if (group instanceof Set) group.add(entry);
    else groups.set(key, new Set([group, entry]));
  }

  #leave(index: IndexName, key: string | undefined, entry: Entry<View>): void {
    if (key === undefined) return;
    const groups = this.#groups[index];
    const group = groups.get(key);
    if (group === entry) groups.delete(key);
    else if (group instanceof Set && group.delete(entry) && group.size === 0) groups.delete(key);
  }
}
