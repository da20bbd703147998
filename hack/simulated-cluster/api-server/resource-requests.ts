// The verbs on resources: reads the request, carries it out, gives the answer.
import { ApiError, badRequest, notFound } from "./api-error.ts";
import type { ApiRequest, RequestTarget } from "./api-request.ts";
import type { DeleteOptions } from "./deletion.ts";
import { isJsonObject, type KubeObject } from "./kube-object.ts";
import type { Lists } from "./lists.ts";
import type { ApiObjects } from "./objects.ts";
import { patched } from "./patches.ts";
import type { WriteOptions } from "./registry.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { scaleOf, withScale } from "./scale.ts";
import { parseSelectors } from "./selectors.ts";
import { toJson, toListItem } from "./serialization.ts";
import { tableOf, wantsTable } from "./tables.ts";

export interface Answer {
  readonly code: number;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

type Body = Readonly<Record<string, unknown>>;

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
      const created = registry.create(resource, target.namespace, parseBody(request, resource), options);
      if (!options.isDryRun) objects.afterWrite(resource, created);
      return { code: 201, body: toJson(created) };
    });
  }

  function update(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    requireSubresource(resource, target);
    return writing(request, (options) => write(resource, target, parseBody(request, resource), options));
  }

  function patch(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    requireSubresource(resource, target);
    const current = registry.get(resource, target.namespace, target.name);
    const shown = target.subresource === "scale" ? scaleOf(current) : current;
    const body = patched(shown, request.contentType, parseJson(request.body), resource.isCustom);
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
    body: Body,
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
      deleteOptions(request),
    );
    if (!isGone) return { code: 200, body: toJson(object) };
    objects.afterDelete(resource, object);
    const { name, uid } = object.metadata;
    const details = { name, group: resource.group || undefined, kind: resource.plural, uid };
    const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
    return { code: 200, body: JSON.stringify(status) };
  }

  function removeAll(resource: ResourceDefinition, target: RequestTarget, request: ApiRequest): Answer {
    const { query } = request;
    const filter = parseSelectors(resource, query.get("labelSelector"), query.get("fieldSelector"));
    const options = deleteOptions(request);
    for (const object of objects.list(resource.id, target.namespace || undefined)) {
      if (filter !== undefined && !filter(object)) continue;
      const { namespace = "", name } = object.metadata;
      const deleted = registry.delete(resource, namespace, name, options);
      if (deleted.isGone) objects.afterDelete(resource, deleted.object);
    }
    return {
      code: 200,
      body: JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" }),
    };
  }

  function evict({ namespace, name }: RequestTarget): Answer {
    objects.evict(namespace, name);
    return {
      code: 201,
      body: JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" }),
    };
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

function writing({ query }: ApiRequest, write: (options: WriteOptions) => Answer): Answer {
  const warnings: string[] = [];
  const validation = query.get("fieldValidation");
  const answer = write({
    isDryRun: query.get("dryRun") === "All",
    fieldValidation: validation === "Strict" || validation === "Ignore" ? validation : "Warn",
    warn: (warning) => warnings.push(warning),
  });
  if (warnings.length === 0) return answer;
  return {
    ...answer,
    headers: { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(", ") },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding the body: ${(error as Error).message}`);
  }
}

function parseBody(request: ApiRequest, resource: ResourceDefinition): Body {
  if (request.contentType.includes("protobuf")) {
    throw new ApiError(
      415,
      "UnsupportedMediaType",
      "the simulated cluster reads JSON only; use kubectl apply -f instead of this command",
      {},
    );
  }
  const body = parseJson(request.body);
  if (!isJsonObject(body)) throw badRequest("the body must be an object");
  const { kind } = body;
  const isScale = kind === "Scale" && resource.hasScale;
  if (kind !== undefined && kind !== resource.kind && !isScale) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): it is a ${JSON.stringify(kind)}`,
    );
  }
  return body;
}

function deleteOptions({ body, query }: ApiRequest): DeleteOptions {
  const given = body === "" ? {} : parseJson(body);
  const grace = query.get("gracePeriodSeconds");
  const policy = query.get("propagationPolicy");
  const isDryRun = query.get("dryRun") === "All";
  return {
    ...(grace !== null && { gracePeriodSeconds: Number(grace) }),
    ...(policy !== null && { propagationPolicy: policy as "Background" }),
    ...(isJsonObject(given) ? (given as DeleteOptions) : {}),
    ...(isDryRun && { isDryRun }),
  };
}
