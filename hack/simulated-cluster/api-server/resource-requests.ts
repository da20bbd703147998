// The verbs on resources: reads the request, carries it out, gives the answer.
import { notFound } from "./api-error.ts";
import type { ApiRequest, RequestTarget } from "./api-request.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Lists } from "./lists.ts";
import type { UntrustedObject } from "./object-metadata.ts";
import type { ApiObjects } from "./objects.ts";
import { patched } from "./patches.ts";
import { readDeleteOptions, readJson, readObject, readWriteOptions } from "./request-input.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { scaleOf, withScale } from "./scale.ts";
import { parseSelectors } from "./selectors.ts";
import { toJson, toListItem } from "./serialization.ts";
import { tableOf, wantsTable } from "./tables.ts";
import type { WriteOptions } from "./write-options.ts";

export interface Answer {
  readonly code: number;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const SUCCESS = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };

/** Makes the function that answers every request on a resource but watches. */
export function createResourceRequests(objects: ApiObjects, lists: Lists) {
  const { registry } = objects;

  function read(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    const object = registry.get(resource, target.namespace, target.name);
    requireSubresource(resource, target);
    if (target.subresource === "" && wantsTable(request.accept)) return table(resource, [object], {});
    return { code: 200, body: toJson(target.subresource === "scale" ? scaleOf(object) : object) };
  }

  function list(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    const { items, ...head } = lists.page(resource, target.namespace, request);
    if (wantsTable(request.accept)) return table(resource, items, head.metadata);
    const texts = items.map(resource.isCustom ? toJson : toListItem);
    return { code: 200, body: `${JSON.stringify(head).slice(0, -1)},"items":[${texts.join(",")}]}` };
  }

  function table(resource: ResourceDefinition, items: readonly KubeObject[], metadata: object): Answer {
    return { code: 200, body: JSON.stringify(tableOf(resource, items, metadata, objects.now())) };
  }

  function create(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    if (target.subresource === "eviction" && resource.id === "pods") return evict(target);
    if (target.name !== "") throw notFound(resource, target.name);
    return writing(request, (options) => {
      const created = registry.create(resource, target.namespace, readObject(request, resource), options);
      if (!options.isDryRun) objects.afterWrite(resource, created);
      return { code: 201, body: toJson(created) };
    });
  }

  function update(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    requireSubresource(resource, target);
    return writing(request, (options) => write(resource, target, readObject(request, resource), options));
  }

  function patch(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    requireSubresource(resource, target);
    const current = registry.get(resource, target.namespace, target.name);
    const shown = target.subresource === "scale" ? scaleOf(current) : current;
    const body = patched(shown, request.contentType, readJson(request.body), resource.isCustom);
    const { resourceVersion } = body.metadata;
    const isLocked = resourceVersion !== current.metadata.resourceVersion;
    return writing(request, (options) => {
      // The patch was made of the current state: only a resourceVersion that it sets itself is a lock.
      const metadata = { ...body.metadata, resourceVersion: isLocked ? resourceVersion : "" };
      return write(resource, target, { ...body, metadata }, options);
    });
  }

  function write(
    resource: ResourceDefinition,
    { namespace, name, subresource }: RequestTarget,
    body: UntrustedObject,
    options: WriteOptions,
  ): Answer {
    if (subresource === "status") {
      return { code: 200, body: toJson(registry.updateStatus(resource, namespace, name, body, options)) };
    }
    if (subresource === "scale") {
      const scaled = withScale(registry.get(resource, namespace, name), body as KubeObject);
      return {
        code: 200,
        body: toJson(scaleOf(registry.update(resource, namespace, name, scaled, options))),
      };
    }
    const written = registry.update(resource, namespace, name, body, options);
    if (!options.isDryRun) objects.afterWrite(resource, written);
    return { code: 200, body: toJson(written) };
  }

  function remove(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    const { object, isGone } = registry.delete(
      resource,
      target.namespace,
      target.name,
      readDeleteOptions(request),
    );
    if (!isGone) return { code: 200, body: toJson(object) };
    objects.afterDelete(resource, object);
    const { name, uid } = object.metadata;
    const details = { name, group: resource.group || undefined, kind: resource.plural, uid };
    return { code: 200, body: JSON.stringify({ ...SUCCESS, details }) };
  }

  function removeAll(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    const { query } = request;
    const filter = parseSelectors(resource, query.get("labelSelector"), query.get("fieldSelector"));
    const options = readDeleteOptions(request);
    for (const object of objects.list(resource.id, target.namespace || undefined)) {
      if (filter !== undefined && !filter(object)) continue;
      const { namespace = "", name } = object.metadata;
      const deleted = registry.delete(resource, namespace, name, options);
      if (deleted.isGone) objects.afterDelete(resource, deleted.object);
    }
    return { code: 200, body: JSON.stringify(SUCCESS) };
  }

  function evict({ namespace, name }: RequestTarget): Answer {
    objects.evict(namespace, name);
    return { code: 201, body: JSON.stringify(SUCCESS) };
  }

  return {
    /** Carries out any verb but watch; throws an ApiError to refuse. */
    answer(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
      switch (request.verb) {
        case "get":
          return read(resource, target, request);
        case "list":
        case "watch":
          return list(resource, target, request);
        case "create":
          return create(resource, target, request);
        case "update":
          return update(resource, target, request);
        case "patch":
          return patch(resource, target, request);
        case "delete":
          return remove(resource, target, request);
        case "deletecollection":
          return removeAll(resource, target, request);
      }
    },
  };
}

function requireSubresource(resource: ResourceDefinition, { name, subresource }: RequestTarget): void {
  const isServed =
    subresource === "" ||
    (subresource === "status" && resource.hasStatus) ||
    (subresource === "scale" && resource.hasScale === true);
  if (!isServed) throw notFound(resource, name);
}

/** Writes with the options of the request; what the write warns of goes into the answer's headers. */
function writing(request: ApiRequest, write: (options: WriteOptions) => Answer): Answer {
  const warnings: string[] = [];
  const answer = write({ ...readWriteOptions(request), warn: (warning) => warnings.push(warning) });
  if (warnings.length === 0) return answer;
  return {
    ...answer,
    headers: { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(", ") },
  };
}
