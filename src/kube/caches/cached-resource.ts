// One resource in the caches: takes objects in any order, keeps the newest projection, tells what really changed.
import { isDeepStrictEqual } from "node:util";
import { asName, asObject, asText, type RawObject } from "../objects.ts";
import type { ReplaceTransaction } from "../reflector/reflector-sink.ts";
import { isOlder } from "../resource-version.ts";
import type { ObjectStore } from "./object-store.ts";

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
  beginReplace(namespace: string | undefined, isPart?: (name: string) => boolean): ReplaceTransaction;
  forget(namespace: string, at: number): void;
  /** Whether objects of the namespace are kept now. */
  keeps(namespace: string): boolean;
}

interface CachedResourceOptions<View, IndexName extends string> {
  readonly store: ObjectStore<View, IndexName>;
  /** Undefined for an object that nobody needs. */
  readonly project: (object: RawObject, previous: View | undefined, at: number) => View | undefined;
  readonly onChange: (change: Change<View>) => void;
  /** An object came that cannot be told from others, and was left out. */
  readonly onNameless: () => void;
  /** Whether objects of the namespace are kept at all; may change at any time. Default: all are. */
  readonly keeps?: ((namespace: string) => boolean) | undefined;
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

/** The changed objects by key; of those that another list has removed, the version that is gone. */
type ChangedMeanwhile = Map<string, string | undefined>;

/** How many deletions are remembered, so that a late answer to an earlier write does not bring an object back. */
const DELETIONS = 256;

/** Projects objects into a store and announces the projections that differ from what was known. */
export class CachedResource<View, IndexName extends string> implements ObjectSink {
  readonly #options: CachedResourceOptions<View, IndexName>;
  readonly #deletions = new Map<string, string>();
  /** For each list that is being read, what has changed since it began. */
  readonly #changedMeanwhile = new Set<ChangedMeanwhile>();

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
    if (identity === undefined || !this.keeps(identity.namespace) || this.#isStale(identity)) return;
    this.#noteChange(identity);
    if (type === "DELETED") {
      this.#rememberDeletion(identity);
      this.#remove(identity, at);
    } else {
      this.#put({ ...identity, view: this.#project(identity, object, at), at });
    }
  }

  /**
   * Takes a full list of a namespace or of the whole cluster. The list must be a consistent read: it wins
   * over what is cached, except over what came since it began (the answers to our own writes, and another list). Of a
   * list of a part of a namespace `isPart` says which of the cached objects it should have contained.
   */
  beginReplace(
    namespace: string | undefined,
    isPart: (name: string) => boolean = () => true,
  ): ReplaceTransaction {
    const staged = new Map<string, Staged<View>>();
    const meanwhile: ChangedMeanwhile = new Map();
    this.#changedMeanwhile.add(meanwhile);
    return {
      add: (object, at) => {
        const identity = this.#identify(object);
        if (identity === undefined || !this.keeps(identity.namespace)) return;
        staged.set(keyOf(identity), { ...identity, view: this.#project(identity, object, at), at });
      },
      commit: (at, resourceVersion) => {
        this.#changedMeanwhile.delete(meanwhile);
        this.#forgetUndone(resourceVersion, meanwhile);
        for (const [inNamespace, name] of this.#options.store.names(namespace)) {
          const identity = { namespace: inNamespace, name };
          const key = keyOf(identity);
          if (staged.has(key) || meanwhile.has(key) || !isPart(name)) continue;
          this.#noteChange(identity, this.resourceVersionOf(inNamespace, name));
          this.#remove(identity, at);
        }
        for (const [key, object] of staged) {
          if (
            !this.keeps(object.namespace) ||
            (meanwhile.has(key) && this.#isOutrun(object, meanwhile.get(key)))
          )
            continue;
          this.#noteChange(object);
          this.#put(object);
        }
      },
      abandon: () => void this.#changedMeanwhile.delete(meanwhile),
    };
  }

  /** Forgets every object of the namespace, as if it had been deleted. */
  forget(namespace: string, at: number): void {
    for (const [, name] of this.#options.store.names(namespace)) this.#remove({ namespace, name }, at);
  }

  keeps(namespace: string): boolean {
    return this.#options.keeps?.(namespace) ?? true;
  }

  /** Lists that are being read now may be older than what has just become of the object. */
  #noteChange({ namespace, name }: { namespace: string; name: string }, removedVersion?: string): void {
    if (this.#changedMeanwhile.size === 0) return;
    const key = keyOf({ namespace, name });
    for (const meanwhile of this.#changedMeanwhile) meanwhile.set(key, removedVersion);
  }

  /** Whether something newer than this object of a list has become known while the list was read. */
  #isOutrun(object: Staged<View>, removedVersion: string | undefined): boolean {
    if (this.#isStale(object)) return true;
    return removedVersion !== undefined && !isOlder(removedVersion, object.resourceVersion);
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

  /** A deletion that is later than the list, and did not come while it was read, was undone by a restore from a backup. */
  #forgetUndone(listed: string, meanwhile: ChangedMeanwhile): void {
    for (const [key, version] of this.#deletions) {
      if (!meanwhile.has(key) && isOlder(listed, version)) this.#deletions.delete(key);
    }
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
