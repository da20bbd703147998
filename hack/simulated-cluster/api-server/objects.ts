// All of the API in process: reads and writes by resource name, for controllers, the kubelet and tests.

import type { Random } from "../random.ts";
import type { SimulatedTime } from "../simulated-time.ts";
import { ApiError } from "./api-error.ts";
import { customResource, establishedStatus } from "./custom-resources/custom-resource.ts";
import type { ObjectOf, Pod, PodStatus } from "./kinds.ts";
import type { KubeObject, Manifest } from "./kube-object.ts";
import type { ReadLog } from "./log-of-container.ts";
import { type Backup, type ChangeListener, ObjectStore } from "./object-store.ts";
import { applyMergePatch } from "./patches/merge-patch.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { CRD_RESOURCE } from "./resources/built-in-resources.ts";
import { ResourceTable } from "./resources/resource-table.ts";
import type { DeleteOptions } from "./writing/deletion.ts";
import { checkPreconditions } from "./writing/preconditions.ts";
import { Registry } from "./writing/registry.ts";
import type { WriteOptions } from "./writing/write-options.ts";

type Changes<T> = { readonly [Field in keyof T]?: unknown };

/** What is applied in process is what a user would apply. */
const BY_HAND: WriteOptions = { component: "kubectl-client-side-apply" };

/** The API server's content. Every write passes through the {@link Registry} like one over HTTP. */
export class ApiObjects {
  readonly store = new ObjectStore();
  readonly resources = new ResourceTable();
  readonly registry: Registry;
  /** Called before an eviction; each may refuse it with an ApiError. */
  readonly evictionGuards: ((pod: Pod, isDryRun: boolean) => void)[] = [];
  /** Asks a node's kubelet for a container's log. Without nodes none can be reached. */
  readLog: ReadLog = () => undefined;
  readonly #time: SimulatedTime;

  constructor(time: SimulatedTime, random: Random) {
    this.#time = time;
    const namespaces = this.resources.named("namespaces");
    this.registry = new Registry({ store: this.store, time, random, namespaces });
  }

  /** Epoch ms of the cluster. */
  now(): number {
    return this.#time.now();
  }

  get<Name extends string>(resource: Name, namespace: string, name: string): ObjectOf<Name> | undefined {
    return this.store.get(this.resources.named(resource), namespace, name) as ObjectOf<Name> | undefined;
  }

  /** The objects of a namespace or of all, sorted by namespace and name. */
  list<Name extends string>(resource: Name, namespace?: string): readonly ObjectOf<Name>[] {
    const objects = [...this.values(resource, namespace)];
    return objects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** As `list`, unsorted and without a copy. */
  values<Name extends string>(resource: Name, namespace?: string): Iterable<ObjectOf<Name>> {
    return this.store.values(this.resources.named(resource), namespace) as Iterable<ObjectOf<Name>>;
  }

  /** Objects of the resource that this uid owns. */
  ownedBy<Name extends string>(resource: Name, uid: string): readonly ObjectOf<Name>[] {
    const { id } = this.resources.named(resource);
    const owned = this.store.dependentsOf(uid).filter((each) => each.resource.id === id);
    return owned.map(({ object }) => object as ObjectOf<Name>);
  }

  create<Name extends string>(
    resource: Name,
    namespace: string,
    body: object,
    options?: WriteOptions,
  ): ObjectOf<Name> {
    const definition = this.resources.named(resource);
    const created = this.registry.create(definition, namespace, body as Record<string, unknown>, options);
    this.afterWrite(definition, created);
    return created as ObjectOf<Name>;
  }

  /** Replaces the object; its resourceVersion, when there, is an optimistic lock. */
  update<Name extends string>(resource: Name, object: KubeObject, options?: WriteOptions): ObjectOf<Name> {
    const { namespace = "", name } = object.metadata;
    const definition = this.resources.named(resource);
    return this.registry.update(definition, namespace, name, object, options) as ObjectOf<Name>;
  }

  /** Replaces the status; also takes the annotations of a built-in kind. */
  updateStatus<Name extends string>(resource: Name, object: KubeObject): ObjectOf<Name> {
    const { namespace = "", name } = object.metadata;
    const definition = this.resources.named(resource);
    return this.registry.updateStatus(definition, namespace, name, object) as ObjectOf<Name>;
  }

  /** Merges the changes into the object, as `kubectl patch --type=merge`. */
  patch<Name extends string>(
    resource: Name,
    namespace: string,
    name: string,
    changes: Changes<ObjectOf<Name>>,
    subresource?: "status",
  ): ObjectOf<Name> {
    const definition = this.resources.named(resource);
    const current = this.registry.get(definition, namespace, name);
    const patched = applyMergePatch(current, changes) as KubeObject;
    const write = subresource === "status" ? "updateStatus" : "update";
    return this.registry[write](definition, namespace, name, patched) as ObjectOf<Name>;
  }

  /**
   * Creates the object or replaces what is there, as `kubectl apply` does with a complete manifest: labels and
   * annotations that others set stay. A namespace that is missing is created.
   */
  apply(manifest: object): KubeObject {
    const given = manifest as Manifest;
    const definition = this.resources.ofKind(given.apiVersion, given.kind);
    const namespace = definition.isNamespaced ? (given.metadata.namespace ?? "default") : "";
    if (definition.isNamespaced) this.#ensureNamespace(namespace);
    const body = { ...given, metadata: { ...given.metadata, ...(namespace !== "" && { namespace }) } };
    const current = this.store.get(definition, namespace, given.metadata.name ?? "");
    if (current === undefined) return this.create(definition.id, namespace, body, BY_HAND);
    const { labels, annotations } = current.metadata;
    const metadata = {
      ...body.metadata,
      labels: { ...labels, ...given.metadata.labels },
      annotations: { ...annotations, ...given.metadata.annotations },
    };
    const { name } = current.metadata;
    const updated = this.registry.update(definition, namespace, name, { ...body, metadata }, BY_HAND);
    this.afterWrite(definition, updated);
    return updated;
  }

  /** Deletes the object; false when there was none. Pods end gracefully unless told otherwise. */
  delete(resource: string, namespace: string, name: string, options?: DeleteOptions): boolean {
    try {
      const definition = this.resources.named(resource);
      const { object, isGone } = this.registry.delete(definition, namespace, name, options);
      if (isGone) this.afterDelete(definition, object);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return false;
      throw error;
    }
  }

  /** Evicts a pod as the eviction API does: the pod says that it was disrupted, then it is deleted. */
  evict(namespace: string, name: string, options: DeleteOptions = {}): void {
    const pods = this.resources.named("pods");
    const pod = this.registry.get(pods, namespace, name);
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      lastProbeTime: null,
      lastTransitionTime: this.#time.timestamp(),
      reason: "EvictionByEvictionAPI",
      message: "Eviction API: evicting",
    };
    checkPreconditions(pods, pod, options);
    for (const guard of this.evictionGuards) guard(pod as Pod, options.isDryRun === true);
    if (options.isDryRun) return;
    const status = pod.status as PodStatus;
    const conditions = [...(status.conditions ?? []), condition];
    this.registry.updateStatus(pods, namespace, name, { ...pod, status: { ...status, conditions } });
    this.delete("pods", namespace, name, { ...options, preconditions: undefined });
  }

  /** Stores the object as it is, past all rules and defaults; only its resourceVersion is new. */
  put(resource: string, object: KubeObject): KubeObject {
    return this.store.put(this.resources.named(resource), object);
  }

  /** Takes away an object whose graceful deletion is over, as a kubelet does with a pod. */
  finishDeletion(resource: string, object: KubeObject): void {
    this.registry.finishDeletion(this.resources.named(resource), object);
  }

  /** Calls the listener for every change of the resource, or of all of them. It must not write. */
  subscribe(resource: string | undefined, listener: ChangeListener): () => void {
    return this.store.subscribe(
      resource === undefined ? undefined : this.resources.named(resource),
      listener,
    );
  }

  /** The resourceVersion of the newest change of all. */
  get revision(): number {
    return this.store.revision;
  }

  /** All objects as they are now, for a restart of the API server that goes back to them. */
  backup(): Backup {
    return this.store.backup();
  }

  /** What follows a write: a CRD makes its resource appear. */
  afterWrite(definition: ResourceDefinition, object: KubeObject): void {
    if (definition.id !== CRD_RESOURCE.id) return;
    this.resources.add(customResource(object));
    const status = establishedStatus(object, this.#time.timestamp());
    this.registry.updateStatus(CRD_RESOURCE, "", object.metadata.name, { ...object, status });
  }

  /** What follows a deletion: with a CRD go its resource and all objects of it. */
  afterDelete(definition: ResourceDefinition, object: KubeObject): void {
    if (definition.id !== CRD_RESOURCE.id) return;
    const removed = customResource(object);
    for (const each of this.store.values(removed)) this.store.remove(removed, each);
    this.resources.remove(removed.id);
  }

  #ensureNamespace(name: string): void {
    const namespaces = this.resources.named("namespaces");
    if (this.store.get(namespaces, "", name) === undefined) {
      this.registry.create(namespaces, "", {
        metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      });
    }
  }
}

/** What users of a simulated cluster do with its objects. Unless a method says otherwise, the rules of HTTP hold. */
export type ClusterObjects = Pick<
  ApiObjects,
  | "apply"
  | "backup"
  | "create"
  | "delete"
  | "get"
  | "list"
  | "now"
  | "ownedBy"
  | "patch"
  | "put"
  | "revision"
  | "subscribe"
  | "update"
  | "updateStatus"
  | "values"
>;

/** Where an object sorts in a list. */
export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
