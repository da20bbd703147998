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

interface Shelf {
  readonly objects: Map<string, Map<string, KubeObject>>;
  readonly history: Change[];
  readonly listeners: Set<ChangeListener>;
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
    let index = history.length;
    while (index > 0 && (history[index - 1]?.revision ?? 0) > revision) index--;
    return history.slice(index);
  }

  /** Forgets all history: whoever asks for changes after an older revision gets none. */
  forgetHistory(): void {
    this.#revision += 1;
    for (const shelf of this.#shelves.values()) {
      shelf.history.length = 0;
      shelf.forgottenUntil = this.#revision;
    }
  }

  /** Calls the listener for every later change. It must not write. Returns a function that ends it. */
  subscribe(resource: ResourceDefinition | undefined, listener: ChangeListener): () => void {
    const listeners = resource === undefined ? this.#listeners : this.#shelf(resource).listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #shelf(resource: ResourceDefinition): Shelf {
    let shelf = this.#shelves.get(resource.id);
    if (shelf === undefined) {
      shelf = { objects: new Map(), history: [], listeners: new Set(), forgottenUntil: 0 };
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
