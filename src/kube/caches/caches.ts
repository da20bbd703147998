// The caches: everything the API server told, as small projections, and the announcement of what a change may concern.

import { type GuardKey, guardKey, parseGuardKey } from "../guard-key.ts";
import type { RawObject } from "../objects.ts";
import { projectDeployment } from "../projections/deployment.ts";
import { projectEndpointSlice, projectEndpoints } from "../projections/endpoint-slice.ts";
import { projectEvent } from "../projections/event.ts";
import { projectGuard } from "../projections/guard.ts";
import { projectIncident } from "../projections/incident.ts";
import { projectPod } from "../projections/pod.ts";
import { projectReplicaSet } from "../projections/replica-set.ts";
import { projectService } from "../projections/service.ts";
import type { ReflectorSink } from "../reflector/reflector-sink.ts";
import type { ResourceName } from "../resources.ts";
import { CachedResource, type Change, type ObjectSink } from "./cached-resource.ts";
import { ChangeRouter } from "./change-router.ts";
import { ClusterContents } from "./cluster-contents.ts";
import type { ObjectStore } from "./object-store.ts";

/** How many endpoints of a bound Service get traffic. */
export interface ServiceEndpoints {
  readonly namespace: string;
  readonly service: string;
  readonly ready: number;
}

/** Something of an object cannot be read, and is left out. */
export interface UnreadableObject {
  readonly resource: ResourceName;
  /** "namespace/name"; undefined for an object without a proper name. */
  readonly object?: string | undefined;
  /** What is wrong, in a sentence. */
  readonly problem: string;
}

/** Fed by the reflectors and by the answers to our own writes; read by `observe`. */
export class Caches {
  /** What is cached, for `observe`. Only the caches change it. */
  readonly contents = new ClusterContents();
  readonly #router = new ChangeRouter(this.contents);
  readonly #listeners: ((key: GuardKey) => void)[] = [];
  readonly #unreadableListeners: ((unreadable: UnreadableObject) => void)[] = [];
  readonly #resources: Readonly<Record<ResourceName, ObjectSink>>;

  constructor() {
    const contents = this.contents;
    const router = this.#router;
    const tell = (unreadable: UnreadableObject) => {
      for (const listener of this.#unreadableListeners) listener(unreadable);
    };
    /** A resource whose projections say themselves what of an object could not be read. */
    const told =
      <View extends { readonly problem?: string | undefined }>(
        resource: ResourceName,
        onChange: (change: Change<View>) => void,
      ) =>
      (change: Change<View>) => {
        const problem = change.after?.problem;
        if (problem !== undefined) tell({ resource, object: `${change.namespace}/${change.name}`, problem });
        onChange(change);
      };
    const cached = <View, IndexName extends string>(
      resource: ResourceName,
      store: ObjectStore<View, IndexName>,
      project: (object: RawObject, previous: View | undefined, at: number) => View | undefined,
      onChange: (change: Change<View>) => void,
    ): ObjectSink =>
      new CachedResource({
        store,
        project,
        onChange,
        onNameless: () => tell({ resource, problem: NAMELESS }),
      });
    this.#resources = {
      rolloutguards: cached(
        "rolloutguards",
        contents.guards,
        projectGuard,
        told("rolloutguards", router.guardChanged),
      ),
      incidents: cached(
        "incidents",
        contents.incidents,
        projectIncident,
        told("incidents", router.incidentChanged),
      ),
      deployments: cached("deployments", contents.deployments, projectDeployment, router.deploymentChanged),
      replicasets: cached("replicasets", contents.replicaSets, projectReplicaSet, router.replicaSetChanged),
      pods: cached("pods", contents.pods, projectPod, router.podChanged),
      services: cached("services", contents.services, projectService, router.serviceChanged),
      endpointslices: cached(
        "endpointslices",
        contents.slices,
        projectEndpointSlice,
        router.endpointsChanged,
      ),
      endpoints: cached("endpoints", contents.endpoints, projectEndpoints, router.endpointsChanged),
      events: cached("events", contents.events, projectEvent, router.eventChanged),
    };
  }

  /** Where a reflector of the resource puts what it reads; `namespace` when it reads only that one. */
  sinkFor(resource: ResourceName, namespace?: string): ReflectorSink {
    return {
      apply: (type, object, at) => this.apply(resource, type, object, at),
      beginReplace: () => {
        const replacement = this.#resources[resource].beginReplace(namespace);
        return {
          add: (object, at) => replacement.add(object, at),
          commit: (at) => {
            this.#passTo(at);
            replacement.commit(at);
            this.#announce();
          },
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

  /** Calls `listener` with the key of each guard that a change may concern. It must only take note of it. */
  onChange(listener: (key: GuardKey) => void): void {
    this.#listeners.push(listener);
  }

  /** Calls `listener` when an object, or an answer to a write, holds what cannot be read; again when that changes. */
  onUnreadable(listener: (unreadable: UnreadableObject) => void): void {
    this.#unreadableListeners.push(listener);
  }

  /** The keys of all guards. */
  guardKeys(): GuardKey[] {
    return Array.from(this.contents.guards.names(), ([namespace, name]) => guardKey(namespace, name));
  }

  has(key: GuardKey): boolean {
    const { namespace, name } = parseGuardKey(key);
    return this.contents.guards.get(namespace, name) !== undefined;
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
      if (view !== undefined) yield { namespace, service, ready: view.readyEndpoints };
    }
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

const NAMELESS = "It has no name and namespace that an object can have, and is left out.";
