// One resource in the caches: takes objects in any order, keeps the newest projection, tells what really changed.
import { isDeepStrictEqual } from "node:util";
import { asName, asObject, asText, type RawObject } from "../objects.ts";
import type { ReplaceTransaction } from "../reflector/reflector-sink.ts";
import type { ObjectStore } from "./object-store.ts";
import { isOlder } from "./resource-version.ts";

/** A projection before and after; undefined where there is none. The two always differ. */
export interface Change<View> {
  readonly namespace: string;
  readonly name: string;
  readonly before: View | undefined;
  readonly after: View | undefined;
  /** When it was observed (epoch ms). */
  readonly at: number;
}

/** What the caches need of one, whatever it holds. */
export interface ObjectSink {
  readonly size: number;
  resourceVersionOf(namespace: string, name: string): string | undefined;
  apply(type: "ADDED" | "MODIFIED" | "DELETED", object: RawObject, at: number): void;
  beginReplace(namespace: string | undefined): ReplaceTransaction;
}

interface CachedResourceOptions<View, IndexName extends string> {
  readonly store: ObjectStore<View, IndexName>;
  /** Undefined for an object that nobody needs. */
  readonly project: (object: RawObject, previous: View | undefined, at: number) => View | undefined;
  readonly onChange: (change: Change<View>) => void;
  /** An object came that cannot be told from others, and was left out. */
  readonly onNameless: () => void;
}

interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

interface Staged<View> extends Identity {
  readonly view: View | undefined;
  readonly at: number;
}

/** How many deletions are remembered, so that a late answer to an earlier write does not bring an object back. */
const DELETIONS = 256;

/** Projects objects into a store and announces the projections that differ from what was known. */
export class CachedResource<View, IndexName extends string> implements ObjectSink {
  readonly #options: CachedResourceOptions<View, IndexName>;
  readonly #deletions = new Map<string, string>();
  /** What was applied while a list is being read, by the scope of the list. */
  readonly #touched = new Map<string | undefined, Set<string>>();

  constructor(options: CachedResourceOptions<View, IndexName>) {
    this.#options = options;
  }

  get size(): number {
    return this.#options.store.size;
  }

  resourceVersionOf(namespace: string, name: string): string | undefined {
    return this.#options.store.resourceVersionOf(namespace, name);
  }

  /** Takes one change. An object older than what is known is ignored. */
  apply(type: "ADDED" | "MODIFIED" | "DELETED", object: RawObject, at: number): void {
    const identity = this.#identify(object);
    if (identity === undefined || this.#isStale(identity)) return;
    for (const touched of this.#touched.values()) touched.add(keyOf(identity));
    if (type === "DELETED") {
      this.#rememberDeletion(identity);
      this.#remove(identity, at);
    } else {
      this.#put({ ...identity, view: this.#project(identity, object, at), at });
    }
  }

  /**
   * Takes a full list of a namespace or of the whole cluster. The list must be a consistent read: it wins
   * over what is cached, except over what was applied since it began (the answers to our own writes).
   */
  beginReplace(namespace: string | undefined): ReplaceTransaction {
    const staged = new Map<string, Staged<View>>();
    const touched = new Set<string>();
    this.#touched.set(namespace, touched);
    return {
      add: (object, at) => {
        const identity = this.#identify(object);
        if (identity === undefined) return;
        staged.set(keyOf(identity), { ...identity, view: this.#project(identity, object, at), at });
      },
      commit: (at) => {
        if (this.#touched.get(namespace) !== touched) return;
        this.#touched.delete(namespace);
        for (const [inNamespace, name] of this.#options.store.names(namespace)) {
          const key = keyOf({ namespace: inNamespace, name });
          if (!staged.has(key) && !touched.has(key)) this.#remove({ namespace: inNamespace, name }, at);
        }
        for (const [key, object] of staged) {
          if (!touched.has(key) || !this.#isStale(object)) this.#put(object);
        }
      },
    };
  }

  #identify(object: RawObject): Identity | undefined {
    const identity = identityOf(object);
    if (identity === undefined) this.#options.onNameless();
    return identity;
  }

  #isStale({ namespace, name, resourceVersion }: Identity): boolean {
    const known = this.resourceVersionOf(namespace, name) ?? this.#deletions.get(keyOf({ namespace, name }));
    return known !== undefined && isOlder(resourceVersion, known);
  }

  #project({ namespace, name }: Identity, object: RawObject, at: number): View | undefined {
    return this.#options.project(object, this.#options.store.get(namespace, name), at);
  }

  #put({ namespace, name, resourceVersion, view, at }: Staged<View>): void {
    const { store, onChange } = this.#options;
    if (view === undefined) {
      this.#remove({ namespace, name }, at);
      return;
    }
    const before = store.get(namespace, name);
    // Keeping the former projection saves its memory and keeps its identity.
    const isSame = before !== undefined && isDeepStrictEqual(before, view);
    store.put(namespace, name, resourceVersion, isSame ? before : view);
    if (!isSame) onChange({ namespace, name, before, after: view, at });
  }

  #remove({ namespace, name }: { namespace: string; name: string }, at: number): void {
    const { store, onChange } = this.#options;
    const before = store.get(namespace, name);
    if (before === undefined) return;
    store.remove(namespace, name);
    onChange({ namespace, name, before, after: undefined, at });
  }

  #rememberDeletion(identity: Identity): void {
    this.#deletions.set(keyOf(identity), identity.resourceVersion);
    if (this.#deletions.size <= DELETIONS) return;
    const [oldest] = this.#deletions.keys();
    if (oldest !== undefined) this.#deletions.delete(oldest);
  }
}

/** What Kubernetes lets objects of these resources be called; a slash in a name would make one key of two objects. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Every resource here is namespaced. */
function identityOf(object: RawObject): Identity | undefined {
  const metadata = asObject(asObject(object).metadata);
  const [namespace, name] = [asName(metadata.namespace), asName(metadata.name)];
  if (namespace === undefined || name === undefined || !NAME.test(namespace) || !NAME.test(name))
    return undefined;
  return { namespace, name, resourceVersion: asText(metadata.resourceVersion).slice(0, 64) };
}

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
