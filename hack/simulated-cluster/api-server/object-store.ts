// The objects, indexed, and the history of their changes. No rules: what may be written is the registry's business.
import type { KubeObject } from "./kube-object.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: ResourceDefinition;
  /** The object after the change; of a deletion its last state with the resourceVersion of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly revision: number;
}

export type ChangeListener = (change: Change) => void;

/** All objects as they were at one time, and the revision of that time. */
export interface Backup {
  readonly revision: number;
  readonly objects: readonly { readonly resource: ResourceDefinition; readonly object: KubeObject }[];
}

interface Shelf {
  readonly resource: ResourceDefinition;
  readonly objects: Map<string, Map<string, KubeObject>>;
  readonly history: Change[];
  readonly listeners: Set<ChangeListener>;
  /** Those who want the changes of one namespace only. */
  readonly listenersIn: Map<string, Set<ChangeListener>>;
  /** The revision of the newest change that the history has forgotten. */
  forgottenUntil: number;
}

/** How many changes of a resource can be watched again. */
const HISTORY_LENGTH = 10_000;

export class ObjectStore {
  readonly #shelves = new Map<string, Shelf>();
  readonly #dependents = new Map<string, Map<string, { resource: ResourceDefinition; object: KubeObject }>>();
  readonly #listeners = new Set<ChangeListener>();
  #revision = 1;
  /** For resources of which there is nothing yet. */
  #forgottenUntil = 0;

  /** The resourceVersion of the newest change of all. */
  get revision(): number {
    return this.#revision;
  }

  get(resource: ResourceDefinition, namespace: string, name: string): KubeObject | undefined {
    return this.#shelf(resource).objects.get(namespace)?.get(name);
  }

  /** The objects of one namespace, or of all; in no particular order. */
  *values(resource: ResourceDefinition, namespace?: string): Iterable<KubeObject> {
    const { objects } = this.#shelf(resource);
    if (namespace !== undefined) {
      yield* objects.get(namespace)?.values() ?? [];
      return;
    }
    for (const inNamespace of objects.values()) yield* inNamespace.values();
  }

  /** The objects that name this uid as an owner. */
  dependentsOf(uid: string): readonly { resource: ResourceDefinition; object: KubeObject }[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  /** Stores the object under a new resourceVersion and tells the listeners. */
  put(resource: ResourceDefinition, object: KubeObject): KubeObject {
    const { namespace = "", name } = object.metadata;
    const { objects } = this.#shelf(resource);
    const previous = objects.get(namespace)?.get(name);
    const stored = this.#withNewRevision(object);
    let inNamespace = objects.get(namespace);
    if (inNamespace === undefined) {
      inNamespace = new Map();
      objects.set(namespace, inNamespace);
    }
    inNamespace.set(name, stored);
    if (previous !== undefined) this.#unlink(previous);
    this.#link(resource, stored);
    const type = previous === undefined ? "ADDED" : "MODIFIED";
    this.#publish({ type, resource, object: stored, previous, revision: this.#revision });
    return stored;
  }

  /** Removes the object and tells the listeners; returns its last state. */
  remove(resource: ResourceDefinition, object: KubeObject): KubeObject {
    const { namespace = "", name } = object.metadata;
    const { objects } = this.#shelf(resource);
    const inNamespace = objects.get(namespace);
    inNamespace?.delete(name);
    if (inNamespace?.size === 0) objects.delete(namespace);
    this.#unlink(object);
    const last = this.#withNewRevision(object);
    this.#publish({ type: "DELETED", resource, object: last, previous: object, revision: this.#revision });
    return last;
  }

  /** The changes after a revision, oldest first, or undefined when they are no longer all known. */
  changesAfter(resource: ResourceDefinition, revision: number): readonly Change[] | undefined {
    const { history, forgottenUntil } = this.#shelf(resource);
    if (revision < forgottenUntil) return undefined;
    return history.slice(firstAfter(history, revision));
  }

  /** The oldest revision after which all changes are known. */
  remembersFrom(resource: ResourceDefinition): number {
    return this.#shelf(resource).forgottenUntil;
  }

  /** The object as it was at a revision, or as it is when that is forgotten; undefined when it was not there. */
  getAt(
    resource: ResourceDefinition,
    namespace: string,
    name: string,
    revision: number,
  ): KubeObject | undefined {
    const later = this.changesAfter(resource, revision)?.find(
      ({ object: { metadata } }) => metadata.name === name && (metadata.namespace ?? "") === namespace,
    );
    return later === undefined ? this.get(resource, namespace, name) : later.previous;
  }

  /** The objects as they were at a revision, in no particular order; undefined when that is forgotten. */
  valuesAt(
    resource: ResourceDefinition,
    namespace: string | undefined,
    revision: number,
  ): Iterable<KubeObject> | undefined {
    const { history, forgottenUntil } = this.#shelf(resource);
    if (revision < forgottenUntil) return undefined;
    const first = firstAfter(history, revision);
    if (first === history.length) return this.values(resource, namespace);
    // What an object was at that time is what its first later change found.
    const before = new Map<string, KubeObject | undefined>();
    for (const { object, previous } of history.slice(first)) {
      const key = `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
      if (!before.has(key)) before.set(key, previous);
    }
    const past: KubeObject[] = [];
    for (const object of this.values(resource, namespace)) {
      if (!before.has(`${object.metadata.namespace ?? ""}/${object.metadata.name}`)) past.push(object);
    }
    for (const object of before.values()) {
      if (object !== undefined && (namespace === undefined || object.metadata.namespace === namespace)) {
        past.push(object);
      }
    }
    return past;
  }

  /** Forgets all history: whoever asks for changes after an older revision gets none. */
  forgetHistory(): void {
    this.#revision += 1;
    this.#forgottenUntil = this.#revision;
    for (const shelf of this.#shelves.values()) {
      shelf.history.length = 0;
      shelf.forgottenUntil = this.#revision;
    }
  }

  /** What `restore` brings back. */
  backup(): Backup {
    const objects = [...this.#shelves.values()].flatMap(({ resource }) =>
      Array.from(this.values(resource), (object) => ({ resource, object })),
    );
    return { revision: this.#revision, objects };
  }

  /**
   * As etcd after a restore: all objects and the revision are those of the backup, and nothing is known of what was before.
   * Listeners are told what became other, as changes with the former revisions.
   */
  restore({ revision, objects }: Backup): void {
    const restored = new Set(objects.map(({ object }) => object.metadata.uid));
    const gone = [...this.#shelves.values()].flatMap(({ resource }) =>
      Array.from(this.values(resource))
        .filter(({ metadata }) => !restored.has(metadata.uid))
        .map((object) => ({ resource, object })),
    );
    for (const { resource, object } of gone) this.remove(resource, object);
    this.#revision = revision;
    for (const { resource, object } of objects) this.#putBack(resource, object);
    this.#forgottenUntil = revision;
    for (const shelf of this.#shelves.values()) {
      shelf.history.length = 0;
      shelf.forgottenUntil = revision;
    }
  }

  #putBack(resource: ResourceDefinition, object: KubeObject): void {
    const { namespace = "", name, resourceVersion } = object.metadata;
    const { objects } = this.#shelf(resource);
    const previous = objects.get(namespace)?.get(name);
    if (previous === object) return;
    const inNamespace = objects.get(namespace) ?? new Map<string, KubeObject>();
    objects.set(namespace, inNamespace);
    inNamespace.set(name, object);
    if (previous !== undefined) this.#unlink(previous);
    this.#link(resource, object);
    const type = previous === undefined ? "ADDED" : "MODIFIED";
    this.#publish({ type, resource, object, previous, revision: Number(resourceVersion) });
  }

  /**
   * Calls the listener for every later change, or for those in one namespace. It must not write. Returns a function
   * that ends it.
   */
  subscribe(
    resource: ResourceDefinition | undefined,
    listener: ChangeListener,
    namespace?: string,
  ): () => void {
    if (resource === undefined) return added(this.#listeners, listener);
    const { listeners, listenersIn } = this.#shelf(resource);
    if (namespace === undefined) return added(listeners, listener);
    const inNamespace = listenersIn.get(namespace) ?? new Set();
    listenersIn.set(namespace, inNamespace);
    const remove = added(inNamespace, listener);
    return () => {
      remove();
      if (inNamespace.size === 0 && listenersIn.get(namespace) === inNamespace) listenersIn.delete(namespace);
    };
  }

  #shelf(resource: ResourceDefinition): Shelf {
    let shelf = this.#shelves.get(resource.id);
    if (shelf === undefined) {
      shelf = {
        resource,
        objects: new Map(),
        history: [],
        listeners: new Set(),
        listenersIn: new Map(),
        forgottenUntil: this.#forgottenUntil,
      };
      this.#shelves.set(resource.id, shelf);
    }
    return shelf;
  }

  #withNewRevision(object: KubeObject): KubeObject {
    this.#revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } };
  }

  #publish(change: Change): void {
    const shelf = this.#shelf(change.resource);
    shelf.history.push(change);
    if (shelf.history.length > HISTORY_LENGTH * 1.25) {
      const forgotten = shelf.history.splice(0, shelf.history.length - HISTORY_LENGTH);
      shelf.forgottenUntil = forgotten.at(-1)?.revision ?? shelf.forgottenUntil;
    }
    for (const listener of shelf.listeners) listener(change);
    const { namespace = "" } = change.object.metadata;
    for (const listener of shelf.listenersIn.get(namespace) ?? []) listener(change);
    for (const listener of this.#listeners) listener(change);
  }

  #link(resource: ResourceDefinition, object: KubeObject): void {
    for (const owner of object.metadata.ownerReferences ?? []) {
      let owned = this.#dependents.get(owner.uid);
      if (owned === undefined) {
        owned = new Map();
        this.#dependents.set(owner.uid, owned);
      }
      owned.set(object.metadata.uid, { resource, object });
    }
  }

  #unlink(object: KubeObject): void {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const owned = this.#dependents.get(owner.uid);
      owned?.delete(object.metadata.uid);
      if (owned?.size === 0) this.#dependents.delete(owner.uid);
    }
  }
}

/** Where the changes after the revision begin. */
function firstAfter(history: readonly Change[], revision: number): number {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.revision ?? 0) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}

function added<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => set.delete(item);
}
