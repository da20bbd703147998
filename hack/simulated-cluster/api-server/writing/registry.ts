// Writes as the API server does them: defaults, validation, generation, optimistic locks, graceful deletion.
import type { Random } from "../../random.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import {
  ApiError,
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  namespaceTerminating,
  notFound,
} from "../api-error.ts";
import { isSameJson, type KubeObject, type Metadata } from "../kube-object.ts";
import type { ObjectStore } from "../object-store.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import {
  type DeleteOptions,
  deletingObject,
  finalizersFor,
  graceSecondsOf,
  isBeingDeletedSo,
} from "./deletion.ts";
import type { Writer } from "./fields/field-owners.ts";
import { applied } from "./fields/server-side-apply.ts";
import { completed } from "./object-completion.ts";
import {
  carriedMetadata,
  countedContent,
  fixedMetadata,
  givenMetadata,
  type UntrustedObject,
  withGeneration,
} from "./object-metadata.ts";
import { type FurtherRules, validateObject } from "./object-validation.ts";
import { checkIdentity, checkLocks, checkPreconditions } from "./preconditions.ts";
import type { WriteOptions } from "./write-options.ts";
import { isWithoutEffect, owned } from "./write-ownership.ts";

/** Refuses the creation of an object with a reason, as quotas do; undefined lets it pass. */
export type Admission = (
  resource: ResourceDefinition,
  object: KubeObject,
  options: WriteOptions,
) => string | undefined;

/** Completes an object before it is created, as admission plugins do. */
export type Mutation = (
  resource: ResourceDefinition,
  object: KubeObject,
  options: WriteOptions,
) => KubeObject;

/** Changes what an update makes of an object, before it is stored. Not asked about its status. */
export type UpdateMutation = (
  resource: ResourceDefinition,
  object: KubeObject,
  before: KubeObject,
) => KubeObject;

export class Registry {
  readonly #store: ObjectStore;
  readonly #time: SimulatedTime;
  readonly #random: Random;
  readonly #namespaces: ResourceDefinition;
  readonly admissions: Admission[] = [];
  readonly mutations: Mutation[] = [];
  readonly updateMutations: UpdateMutation[] = [];
  furtherRules: FurtherRules | undefined;

  constructor(parts: {
    store: ObjectStore;
    time: SimulatedTime;
    random: Random;
    namespaces: ResourceDefinition;
  }) {
    this.#store = parts.store;
    this.#time = parts.time;
    this.#random = parts.random;
    this.#namespaces = parts.namespaces;
  }

  /** The object, or a 404. */
  get(resource: ResourceDefinition, namespace: string, name: string): KubeObject {
    const object = this.#store.get(resource, namespace, name);
    if (object === undefined) throw notFound(resource, name);
    return object;
  }

  create(
    resource: ResourceDefinition,
    namespace: string,
    body: UntrustedObject,
    options: WriteOptions = {},
  ): KubeObject {
    const given = givenMetadata(body);
    if (resource.isNamespaced) this.#requireNamespace(resource, namespace, given);
    const name = given.name || (given.generateName ? `${given.generateName}${this.#random.suffix(5)}` : "");
    if (name === "") {
      throw new ApiError(
        422,
        "Invalid",
        `${resource.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
      );
    }
    const { generateName, ...carried } = carriedMetadata(given);
    // In the order in which a real server writes them.
    const metadata: Metadata = {
      name,
      ...(generateName && { generateName }),
      ...(resource.isNamespaced && { namespace }),
      uid: this.#random.uuid(),
      resourceVersion: "",
      ...(resource.hasGeneration && { generation: 1 }),
      creationTimestamp: this.#time.timestamp(),
      ...carried,
    };
    let complete = completed(resource, body, metadata, options);
    for (const mutate of this.mutations) complete = mutate(resource, complete, options);
    const { status: _status, ...withoutStatus } = complete;
    const status = resource.initialStatus?.(complete);
    const object: KubeObject = resource.hasStatus
      ? { ...withoutStatus, ...(status !== undefined && { status }) }
      : complete;
    validateObject(resource, object, undefined, options, this.furtherRules);
    if (this.#store.get(resource, namespace, name) !== undefined) throw alreadyExists(resource, name);
    for (const admission of this.admissions) {
      const refusal = admission(resource, object, options);
      if (refusal !== undefined) throw forbidden(resource, name, refusal);
    }
    const write = { resource, before: undefined, after: object, at: this.#time.now() };
    const created = owned(write, "", options, given.managedFields);
    return options.isDryRun ? created : this.#store.put(resource, created);
  }

  /** Server-side apply: merges what is applied into the object, or creates it. */
  apply(
    resource: ResourceDefinition,
    namespace: string,
    name: string,
    configuration: UntrustedObject,
    options: WriteOptions & { readonly client: Writer; readonly isForced: boolean },
  ): { object: KubeObject; isNew: boolean } {
    const { client, isForced } = options;
    const live = this.#store.get(resource, namespace, name);
    const { uid, resourceVersion } = givenMetadata(configuration);
    const { body, owners } = applied(resource, live, configuration, client, {
      isForced,
      at: this.#time.now(),
    });
    const metadata = { ...givenMetadata(body), name, uid, resourceVersion };
    const whole = { ...body, metadata };
    if (client.subresource === "status") {
      return {
        object: this.updateStatus(resource, namespace, name, whole, { ...options, owners }),
        isNew: false,
      };
    }
    if (live !== undefined) {
      return { object: this.update(resource, namespace, name, whole, { ...options, owners }), isNew: false };
    }
    if (uid)
      throw conflict(
        resource,
        name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    return { object: this.create(resource, namespace, whole, { ...options, owners }), isNew: true };
  }

  /** Replaces the object but for its status. A resourceVersion in the body is an optimistic lock. */
  update(
    resource: ResourceDefinition,
    namespace: string,
    name: string,
    body: UntrustedObject,
    options: WriteOptions = {},
  ): KubeObject {
    const current = this.get(resource, namespace, name);
    const given = givenMetadata(body);
    checkIdentity(resource, current, given);
    checkLocks(resource, current, given);
    const { generateName: _fixed, ...carried } = carriedMetadata(given);
    const metadata: Metadata = { ...fixedMetadata(current.metadata), ...carried };
    let object = completed(resource, body, metadata, options);
    for (const mutate of this.updateMutations) object = mutate(resource, object, current);
    if (resource.hasStatus) object = { ...object, status: current.status };
    const counted = (one: KubeObject) => countedContent(resource, one);
    if (resource.hasGeneration && !isSameJson(counted(object), counted(current))) {
      object = withGeneration(object, (current.metadata.generation ?? 0) + 1);
    }
    validateObject(resource, object, current, options, this.furtherRules);
    const write = { resource, before: current, after: object, at: this.#time.now() };
    return this.#replace(resource, current, owned(write, "", options, given.managedFields), options);
  }

  /** Replaces the status only; of the rest, built-in kinds also take annotations, as real ones do. */
  updateStatus(
    resource: ResourceDefinition,
    namespace: string,
    name: string,
    body: UntrustedObject,
    options: WriteOptions = {},
  ): KubeObject {
    if (!resource.hasStatus) throw notFound(resource, name);
    const current = this.get(resource, namespace, name);
    const given = givenMetadata(body);
    checkLocks(resource, current, given);
    const annotations = resource.isCustom ? current.metadata.annotations : given.annotations;
    let object: KubeObject = {
      ...current,
      metadata: { ...current.metadata, annotations },
      status: body["status"],
    };
    if (resource.isCustom) {
      object = completed(resource, object, object.metadata, options);
      validateObject(resource, object, current, options, this.furtherRules);
    }
    const write = { resource, before: current, after: object, at: this.#time.now() };
    return this.#replace(resource, current, owned(write, "status", options, given.managedFields), options);
  }

  /** The object after deletion began, or undefined when it is gone. */
  delete(
    resource: ResourceDefinition,
    namespace: string,
    name: string,
    options: DeleteOptions = {},
  ): { object: KubeObject; isGone: boolean } {
    const current = this.get(resource, namespace, name);
    checkPreconditions(resource, current, options);
    if (options.isDryRun) return { object: current, isGone: false };
    const graceSeconds = graceSecondsOf(resource, current, options.gracePeriodSeconds);
    const finalizers = finalizersFor(current, options.propagationPolicy);
    const mustWait = graceSeconds > 0 || finalizers.length > 0 || resource.id === "namespaces";
    const hasGrace = resource.id === "pods";
    if (!mustWait && !hasGrace) return { object: this.#store.remove(resource, current), isGone: true };
    if (mustWait && isBeingDeletedSo(current, graceSeconds, finalizers)) {
      return { object: current, isGone: false };
    }
    const deletionTimestamp = this.#time.timestamp(this.#time.now() + graceSeconds * 1_000);
    const deleting = deletingObject(resource, current, { deletionTimestamp, graceSeconds, finalizers });
    const reported = this.#store.put(resource, deleting);
    // A pod says that it is being deleted also when it goes at once.
    return mustWait
      ? { object: reported, isGone: false }
      : { object: this.#store.remove(resource, reported), isGone: true };
  }

  /** Removes a pod that its kubelet has ended: one last change to a grace period of 0, then the deletion. */
  finishDeletion(resource: ResourceDefinition, object: KubeObject): void {
    const current = this.#store.get(resource, object.metadata.namespace ?? "", object.metadata.name);
    if (current === undefined || current.metadata.uid !== object.metadata.uid) return;
    const last = this.#store.put(resource, {
      ...current,
      metadata: {
        ...current.metadata,
        deletionTimestamp: this.#time.timestamp(),
        deletionGracePeriodSeconds: 0,
      },
    });
    if ((last.metadata.finalizers ?? []).length === 0) this.#store.remove(resource, last);
  }

  #replace(
    resource: ResourceDefinition,
    current: KubeObject,
    object: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    if (options.isDryRun) return object;
    const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
    const hadFinalizers = (current.metadata.finalizers ?? []).length > 0;
    if (deletionTimestamp !== undefined && hadFinalizers && finalizers.length === 0) {
      if (deletionGracePeriodSeconds === 0) return this.#store.remove(resource, object);
    }
    if (isWithoutEffect(current, object)) return current;
    return this.#store.put(resource, object);
  }

  #requireNamespace(resource: ResourceDefinition, namespace: string, given: Partial<Metadata>): void {
    if (given.namespace !== undefined && given.namespace !== namespace) {
      throw badRequest(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    }
    const found = this.#store.get(this.#namespaces, "", namespace);
    if (found === undefined) throw notFound(this.#namespaces, namespace);
    if (found.metadata.deletionTimestamp !== undefined) {
      throw namespaceTerminating(resource, given.name ?? "", namespace);
    }
  }
}
