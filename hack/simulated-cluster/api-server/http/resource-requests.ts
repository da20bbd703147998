// The verbs on resources: reads the request, carries it out, gives the answer.

import type { ApiRequest, RequestTarget } from "../../api-request.ts";
import { ApiError, notFound } from "../api-error.ts";
import type { Pod } from "../kinds.ts";
import { isJsonObject, type KubeObject } from "../kube-object.ts";
import type { ApiObjects } from "../objects.ts";
import { APPLY_PATCH, patched, unknownMediaType } from "../patches/patches.ts";
import type { Lists } from "../reading/lists.ts";
import { objectText } from "../reading/object-text.ts";
import { podLog } from "../reading/pod-log.ts";
import { parseSelectors } from "../reading/selectors.ts";
import { listTexts, toJson, toListItem } from "../reading/serialization.ts";
import { rowObjectOf, tableOf, wantsTable } from "../reading/tables.ts";
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import type { Writer } from "../writing/fields/field-owners.ts";
import { unknownFieldsOf } from "../writing/object-completion.ts";
import { givenMetadata, type UntrustedObject } from "../writing/object-metadata.ts";
import { checkUidStays, requireVersion } from "../writing/preconditions.ts";
import {
  checkPatchOptions,
  deleteOptionsOf,
  readConfiguration,
  readDeleteOptions,
  readJson,
  readObject,
  readPatch,
  readWriteOptions,
} from "../writing/request-input.ts";
import { scaleOf, withScale } from "../writing/scale.ts";
import type { WriteOptions } from "../writing/write-options.ts";

export interface Answer {
  readonly code: number;
  /** JSON or plain text; what is long comes in pieces. */
  readonly body: string | Iterable<string>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

type ClientOptions = WriteOptions & { readonly client: Writer };

const SUCCESS = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };

/** Makes the function that answers every request on a resource but watches. */
export function createResourceRequests(objects: ApiObjects, lists: Lists) {
  const { registry } = objects;

  function read(
    resource: ResourceDefinition,
    target: RequestTarget,
    request: ApiRequest,
    asOf: number | undefined,
  ): Answer {
    const { namespace, name } = target;
    const object =
      asOf === undefined
        ? registry.get(resource, namespace, name)
        : objects.store.getAt(resource, namespace, name, asOf);
    if (object === undefined) throw notFound(resource, name);
    if (target.subresource === "log" && resource.id === "pods") return logOf(object as Pod, request);
    requireSubresource(resource, target);
    if (target.subresource !== "scale" && wantsTable(request.accept))
      return table(resource, [object], {}, request);
    return { code: 200, body: toJson(target.subresource === "scale" ? scaleOf(object) : object) };
  }

  function logOf(pod: Pod, { query, accept }: ApiRequest): Answer {
    const body = podLog(pod, query, accept, objects.readLog);
    if (body === undefined) return { code: 204, body: "" };
    return { code: 200, body, headers: { "content-type": "text/plain" } };
  }

  function list(
    resource: ResourceDefinition,
    target: RequestTarget,
    request: ApiRequest,
    asOf: number | undefined,
  ): Answer {
    const { items, ...head } = lists.page(resource, target.namespace, request, asOf);
    if (wantsTable(request.accept)) return table(resource, items, head.metadata, request);
    return { code: 200, body: listTexts(head, items, resource.isCustom ? objectText : toListItem) };
  }

  function table(
    resource: ResourceDefinition,
    items: readonly KubeObject[],
    metadata: object,
    { query }: ApiRequest,
  ): Answer {
    const body = tableOf(resource, items, metadata, objects.now(), rowObjectOf(query));
    return { code: 200, body: JSON.stringify(body) };
  }

  function create(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    if (target.subresource === "eviction" && resource.id === "pods") return evict(target, request);
    if (target.name !== "") throw notFound(resource, target.name);
    return make(resource, target.namespace, readObject(request, resource), request);
  }

  function make(
    resource: ResourceDefinition,
    namespace: string,
    body: UntrustedObject,
    request: ApiRequest,
  ): Answer {
    return writing(request, (options) => {
      const created = registry.create(resource, namespace, body, options);
      if (!options.isDryRun) objects.afterWrite(resource, created);
      return { code: 201, body: toJson(created) };
    });
  }

  function update(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    requireSubresource(resource, target);
    const body = readObject(request, resource);
    const { namespace, name } = target;
    const isNew = resource.isMadeByUpdate && objects.store.get(resource, namespace, name) === undefined;
    if (isNew)
      return make(resource, namespace, { ...body, metadata: { ...givenMetadata(body), name } }, request);
    if (resource.isLocked || resource.isCustom)
      requireVersion(resource, registry.get(resource, namespace, name), body);
    return writing(request, (options) => write(resource, target, body, options));
  }

  function patch(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    requireSubresource(resource, target);
    const isApply = request.contentType === APPLY_PATCH;
    checkPatchOptions(request, isApply);
    if (isApply) return apply(resource, target, request);
    const current = registry.get(resource, target.namespace, target.name);
    const shown = target.subresource === "scale" ? scaleOf(current) : asShown(current, request);
    const body = patched(resource, shown, request.contentType, readPatch(request));
    const { resourceVersion } = body.metadata;
    checkUidStays(resource, current, body.metadata.uid);
    const isLocked = resourceVersion !== current.metadata.resourceVersion;
    return writing(request, (options) => {
      // The patch was made of the current state: only a resourceVersion that it sets itself is a lock.
      const metadata = { ...body.metadata, resourceVersion: isLocked ? resourceVersion : "" };
      return write(resource, target, { ...body, metadata }, { ...options, patch: request.body });
    });
  }

  function apply(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    const { namespace, name, subresource } = target;
    if (subresource === "scale") throw unknownMediaType(resource);
    const configuration = readConfiguration(request, resource);
    const [unknown] = unknownFieldsOf(resource, configuration);
    if (unknown !== undefined) throw undeclaredField(resource, target, unknown);
    const isForced = request.query.get("force") === "true";
    return writing(request, (options) => {
      const write = { ...options, isForced };
      const { object, isNew } = registry.apply(resource, namespace, name, configuration, write);
      if (!options.isDryRun && subresource === "") objects.afterWrite(resource, object);
      return { code: isNew ? 201 : 200, body: toJson(object) };
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
    const deleted: KubeObject[] = [];
    for (const object of objects.list(resource.id, target.namespace || undefined)) {
      if (filter !== undefined && !filter(object)) continue;
      const { namespace = "", name } = object.metadata;
      const { object: last, isGone } = registry.delete(resource, namespace, name, options);
      if (isGone) objects.afterDelete(resource, last);
      deleted.push(last);
    }
    const kind = `${resource.kind}List`;
    const metadata = { resourceVersion: String(objects.store.revision) };
    const head = JSON.stringify({ kind, apiVersion: apiVersionOf(resource), metadata });
    return { code: 200, body: `${head.slice(0, -1)},"items":[${deleted.map(toJson).join(",")}]}` };
  }

  function evict({ namespace, name }: RequestTarget, request: ApiRequest): Answer {
    const eviction = readJson(request.body);
    const options = isJsonObject(eviction) ? eviction["deleteOptions"] : undefined;
    objects.evict(namespace, name, deleteOptionsOf(isJsonObject(options) ? options : {}, request.query));
    return { code: 201, body: JSON.stringify({ ...SUCCESS, code: 201 }) };
  }

  return {
    /** Carries out any verb but watch; throws an ApiError to refuse. */
    answer(
      resource: ResourceDefinition,
      target: RequestTarget,
      request: ApiRequest,
      asOf: number | undefined,
    ): Answer {
      switch (request.verb) {
        case "get":
          return read(resource, target, request, asOf);
        case "list":
        case "watch":
          return list(resource, target, request, asOf);
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

/** The object that a patch is made on; with the owners of its fields only where the patch is about them. */
function asShown(object: KubeObject, { body }: ApiRequest): KubeObject {
  return body.includes("managedFields") ? (JSON.parse(objectText(object)) as KubeObject) : object;
}

/** What a real server says of an applied field that the schema does not have. */
function undeclaredField(
  resource: ResourceDefinition,
  { namespace, name }: RequestTarget,
  field: string,
): ApiError {
  const what = `${namespace}/${name}; ${resource.group}/${resource.version}, Kind=${resource.kind}`;
  return new ApiError(
    500,
    "",
    `failed to create typed patch object (${what}): .${field}: field not declared in schema`,
  );
}

function requireSubresource(resource: ResourceDefinition, { name, subresource }: RequestTarget): void {
  const isServed =
    subresource === "" ||
    (subresource === "status" && resource.hasStatus) ||
    (subresource === "scale" && resource.hasScale === true);
  if (!isServed) throw notFound(resource, name);
}

/** Writes with the options of the request; what the write warns of goes into the answer's headers. */
function writing(request: ApiRequest, write: (options: ClientOptions) => Answer): Answer {
  const warnings: string[] = [];
  const answer = write({ ...readWriteOptions(request), warn: (warning) => warnings.push(warning) });
  if (warnings.length === 0) return answer;
  return {
    ...answer,
    headers: { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(", ") },
  };
}
