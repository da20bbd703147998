// The caches: everything the API server told, as small projections, and the announcement of what a change may concern.

import { asksPods } from "../../domain/questions/asks-pods.ts";
import { asName, asObject, type RawObject } from "../objects.ts";
import type { ReconcileKey } from "../reconcile-key.ts";
import type { ReflectorSink, UnreadChange } from "../reflector/reflector-sink.ts";
import type { ResourceName } from "../resources.ts";
import type { ObjectSink } from "./cached-resource.ts";
import { createCachedResources, KEPT_EVERYWHERE, type UnreadableObject } from "./cached-resources.ts";
import { ChangeRouter } from "./change-router.ts";
import { ClusterContents } from "./cluster-contents.ts";
import { DeferredChanges, type DeferredChangesOptions } from "./deferred-changes.ts";
import { GuardedNamespaces } from "./guarded-namespaces.ts";

/** How many endpoints of a bound Service get traffic. */
export interface ServiceEndpoints {
  readonly namespace: string;
  readonly service: string;
  readonly ready: number;
}

export interface CachesOptions {
  /**
   * Keep only what is in namespaces that have a guard (ADR 9). A guard in another namespace is then not observed until
   * all of that has been read and {@link Caches.markRead} was called.
   */
  readonly onlyGuarded?: boolean | undefined;
  /** With it, what watches bring of a namespace that keeps the processor busy is read later. */
  readonly deferring?: DeferredChangesOptions | undefined;
}

/** Fed by the reflectors and by the answers to our own writes; read by `observe`. */
export class Caches {
  /** What is cached, for `observe`. Only the caches change it. */
  readonly contents = new ClusterContents();
  readonly #router = new ChangeRouter(this.contents);
  readonly #listeners: ((key: ReconcileKey) => void)[] = [];
  readonly #unreadableListeners: ((unreadable: UnreadableObject) => void)[] = [];
  readonly #namespaceListeners: ((namespace: string) => void)[] = [];
  readonly #resources: Readonly<Record<ResourceName, ObjectSink>>;
  readonly #namespaces = new GuardedNamespaces();
  readonly #onlyGuarded: boolean;
  readonly #deferred: DeferredChanges | undefined;

  constructor({ onlyGuarded = false, deferring }: CachesOptions = {}) {
    this.#onlyGuarded = onlyGuarded;
    this.#deferred =
      deferring &&
      new DeferredChanges(deferring, {
        read: ({ resource, type, read, at }) => this.apply(resource, type, read(), at),
        onUnreadable: (unreadable) => this.#reportUnreadable(unreadable),
      });
    this.#resources = createCachedResources({
      contents: this.contents,
      router: this.#router,
      keeps: onlyGuarded ? (namespace) => this.#namespaces.has(namespace) : undefined,
      onGuardChange: ({ namespace, before, after, at }) => {
        const beginsToAsk = after !== undefined && asksPods(after.view) && !(before && asksPods(before.view));
        this.#refreshNamespace(namespace, at, beginsToAsk);
      },
      onUnreadable: (unreadable) => this.#reportUnreadable(unreadable),
    });
  }

  /**
   * Where a reflector of the resource puts what it reads; `namespace` when it reads only that one, `isPart` when it reads
   * only a part of that: which of the cached objects belong to it.
   */
  sinkFor(resource: ResourceName, namespace?: string, isPart?: (name: string) => boolean): ReflectorSink {
    return {
      apply: (type, object, at) => {
        if (!this.#deferred) return this.apply(resource, type, object, at);
        const metadata = asObject(object["metadata"]);
        const [namespace = "", name = ""] = [asName(metadata["namespace"]), asName(metadata["name"])];
        // Parsed already: what that costs is past.
        this.#deferred.take({ resource, type, namespace, name, length: 0, read: () => object, at });
      },
      ...(this.#deferred && {
        applyUnread: (change: UnreadChange, at: number) => this.#deferred?.take({ ...change, resource, at }),
      }),
      keeps: (inNamespace) => this.#resources[resource].keeps(inNamespace),
      beginReplace: () => {
        this.#deferred?.flush(resource);
        const replacement = this.#resources[resource].beginReplace(namespace, isPart);
        return {
          add: (object, at) => replacement.add(object, at),
          commit: (at, resourceVersion) => {
            this.#passTo(at);
            replacement.commit(at, resourceVersion);
            this.#announce();
          },
          abandon: () => replacement.abandon(),
        };
      },
    };
  }

  /**
   * Takes one change that was received at `at` (epoch ms). Also for the answers to our own writes: an object
   * older than the cached one is ignored, so they may arrive before or after the watch tells the same.
   */
  apply(resource: ResourceName, type: "ADDED" | "MODIFIED" | "DELETED", object: RawObject, at: number): void {
    this.#passTo(at);
    this.#resources[resource].apply(type, object, at);
    this.#announce();
  }

  /** Calls `listener` with the key of each guard and target that a change can concern. It must only take note of it. */
  onChange(listener: (key: ReconcileKey) => void): void {
    this.#listeners.push(listener);
  }

  /** Calls `listener` when an object, or an answer to a write, holds what cannot be read; again when that changes. */
  onUnreadable(listener: (unreadable: UnreadableObject) => void): void {
    this.#unreadableListeners.push(listener);
  }

  /** Calls `listener` with each namespace in which something is not known that its guards need now. */
  onUnread(listener: (namespace: string) => void): void {
    this.#namespaceListeners.push(listener);
  }

  /** Everything in the namespaces has been put into the sinks since they had their guards. */
  markRead(namespaces: Iterable<string>): void {
    for (const namespace of namespaces) {
      if (this.#namespaces.markRead(namespace)) this.#router.namespaceRead(namespace);
    }
    this.#announce();
  }

  /** Whether all is known that concerns the guards of the namespace. */
  isRead(namespace: string): boolean {
    return !this.#onlyGuarded || this.#namespaces.isRead(namespace);
  }

  /** The namespaces that have guards now. */
  guardedNamespaces(): string[] {
    return [...this.#namespaces];
  }

  /** The keys of all guards. */
  reconcileKeys(): ReconcileKey[] {
    return [...this.contents.keys()];
  }

  /** Keys for workloads that have no guard any more, and of which something is left to end. */
  unguardedKeys(): ReconcileKey[] {
    return [...new Set(this.contents.unguardedKeys())];
  }

  has(key: ReconcileKey): boolean {
    return this.contents.guard(key) !== undefined;
  }

  /** How many objects of each resource are kept. */
  sizes(): Record<ResourceName, number> {
    const sizes = Object.entries(this.#resources).map(([resource, { size }]) => [resource, size]);
    return Object.fromEntries(sizes) as Record<ResourceName, number>;
  }

  resourceVersionOf(resource: ResourceName, namespace: string, name: string): string | undefined {
    return this.#resources[resource].resourceVersionOf(namespace, name);
  }

  /** The Services that concern a guard, with their endpoints. */
  *serviceEndpoints(): Generator<ServiceEndpoints> {
    for (const [namespace, service] of this.contents.bindings.boundServices()) {
      const view = this.contents.serviceViews.get(namespace, service);
      if (view !== undefined) yield { namespace, service, ready: view.ready.length };
    }
  }

  /** @param beginsToAsk a guard of it asks pods from now on: where they are was not kept before */
  #refreshNamespace(namespace: string, at: number, beginsToAsk: boolean): void {
    if (!this.#onlyGuarded) return;
    if (this.contents.guards.hasIn(namespace)) {
      if (!this.#namespaces.add(namespace) && !beginsToAsk) return;
      for (const listener of this.#namespaceListeners) listener(namespace);
      return;
    }
    this.#namespaces.remove(namespace);
    for (const [resource, sink] of Object.entries(this.#resources)) {
      if (!KEPT_EVERYWHERE.has(resource as ResourceName)) sink.forget(namespace, at);
    }
  }

  #reportUnreadable(unreadable: UnreadableObject): void {
    for (const listener of this.#unreadableListeners) listener(unreadable);
  }

  #passTo(at: number): void {
    this.contents.latestAt = Math.max(this.contents.latestAt, at);
  }

  #announce(): void {
    for (const key of this.#router.take()) {
      for (const listener of this.#listeners) listener(key);
    }
  }
}
