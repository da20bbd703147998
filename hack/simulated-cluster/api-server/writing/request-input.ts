// What a client asks for with a write or a deletion: the object and the options, from the body and the query. Pure.
import { parse } from "yaml";
import type { ApiRequest } from "../../api-request.ts";
import { ApiError, badRequest } from "../api-error.ts";
import { isJsonObject } from "../kube-object.ts";
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import type { DeleteOptions } from "./deletion.ts";
import type { UntrustedObject } from "./object-metadata.ts";
import type { WriteOptions } from "./write-options.ts";

/** The text as JSON; 400 when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding the body: ${(error as Error).message}`);
  }
}

/** The patch in the body; 400 when it is no JSON. */
export function readPatch({ body }: ApiRequest): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badRequest(isCutOff(body, error) ? "unexpected end of JSON input" : (error as Error).message);
  }
}

/** Whether the parser found nothing wrong but that the text ends. */
function isCutOff(text: string, error: unknown): boolean {
  const [, position] = /at position (\d+)/.exec((error as Error).message) ?? [];
  return position === undefined || Number(position) >= text.trimEnd().length;
}

/** The text as YAML, and so also as JSON; 400 when it is none. */
function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
}

/** The object in the body of a write; refused unless it is of the resource's kind. */
export function readObject(request: ApiRequest, resource: ResourceDefinition): UntrustedObject {
  const body = request.contentType.includes("yaml") ? readYaml(request.body) : readJson(request.body);
  if (!isJsonObject(body)) throw badRequest("the body must be an object");
  const { kind, apiVersion } = body;
  if (kind === "Scale" && resource.hasScale) return body;
  if (kind !== undefined && kind !== resource.kind) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): it is a ${JSON.stringify(kind)}`,
    );
  }
  if (apiVersion !== undefined && apiVersion !== apiVersionOf(resource)) {
    throw badRequest(
      `the API version in the data (${JSON.stringify(apiVersion)}) does not match the expected API version (${apiVersionOf(resource)})`,
    );
  }
  return body;
}

/** The configuration in the body of a server-side apply; it has to say what it is. */
export function readConfiguration(request: ApiRequest, resource: ResourceDefinition): UntrustedObject {
  const body = readYaml(request.body);
  if (!isJsonObject(body)) throw badRequest("the body must be an object");
  if (body["apiVersion"] !== apiVersionOf(resource) || body["kind"] !== resource.kind) {
    const given = `${JSON.stringify(body["apiVersion"] ?? "")}, Kind=${JSON.stringify(body["kind"] ?? "")}`;
    throw badRequest(
      `invalid object type: ${given}; expected ${apiVersionOf(resource)}, Kind=${resource.kind}`,
    );
  }
  return body;
}

/** How to write, from the query. The manager of a write that names none is the program that sent it. */
export function readWriteOptions({ query, userAgent, target }: ApiRequest) {
  const validation = query.get("fieldValidation");
  const manager = query.get("fieldManager") || userAgent.split("/")[0] || "unknown";
  const fieldValidation = validation === "Strict" || validation === "Ignore" ? validation : "Warn";
  return {
    isDryRun: isDryRun(query),
    fieldValidation,
    client: { manager: manager.slice(0, 128), subresource: target?.subresource ?? "" },
  } as const satisfies WriteOptions;
}

/** Refuses options that only one kind of patch may, or must, have. */
export function checkPatchOptions({ query }: ApiRequest, isApply: boolean): void {
  const refuse = (field: string, reason: string, message: string): never => {
    throw new ApiError(422, "Invalid", `PatchOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, {
      group: "meta.k8s.io",
      kind: "PatchOptions",
      causes: [{ reason, message, field }],
    });
  };
  if (isApply && !query.get("fieldManager")) {
    refuse("fieldManager", "FieldValueRequired", "Required value: is required for apply patch");
  }
  if (!isApply && query.get("force") !== null) {
    refuse("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch");
  }
}

function isDryRun(query: URLSearchParams): boolean {
  const values = query.getAll("dryRun").filter((value) => value !== "");
  const other = values.find((value) => value !== "All");
  if (other === undefined) return values.length > 0;
  const message = `Unsupported value: ${JSON.stringify([other])}: supported values: "All"`;
  throw new ApiError(422, "Invalid", `WriteOptions.meta.k8s.io "" is invalid: dryRun: ${message}`, {
    causes: [{ reason: "FieldValueNotSupported", message, field: "dryRun" }],
  });
}

const POLICIES = ["Background", "Foreground", "Orphan"] as const;

/** How to delete: the body's options win over those of the query, but for a dry run. */
export function readDeleteOptions({ body, query }: ApiRequest): DeleteOptions {
  const given = body === "" ? {} : readJson(body);
  const fromBody = isJsonObject(given) ? given : {};
  return deleteOptionsOf(fromBody, query);
}

/** The options in a body, such as those of an eviction, and in the query. */
export function deleteOptionsOf(body: UntrustedObject, query: URLSearchParams): DeleteOptions {
  const { dryRun, orphanDependents, preconditions } = body;
  const grace = body["gracePeriodSeconds"] ?? query.get("gracePeriodSeconds");
  const policy = body["propagationPolicy"] ?? query.get("propagationPolicy");
  const known = POLICIES.find((each) => each === policy);
  if (policy !== null && policy !== undefined && known === undefined) {
    const supported = POLICIES.map((each) => `"${each}"`).join(", ");
    const message = `Unsupported value: ${JSON.stringify(policy)}: supported values: ${supported}`;
    throw new ApiError(
      422,
      "Invalid",
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: ${message}`,
      {
        group: "meta.k8s.io",
        kind: "DeleteOptions",
        causes: [{ reason: "FieldValueNotSupported", message, field: "propagationPolicy" }],
      },
    );
  }
  const propagationPolicy = known ?? (orphanDependents === true ? "Orphan" : undefined);
  return {
    ...(grace !== null && grace !== undefined && { gracePeriodSeconds: Number(grace) }),
    ...(propagationPolicy && { propagationPolicy }),
    ...(isJsonObject(preconditions) && { preconditions }),
    isDryRun: isDryRun(query) || (Array.isArray(dryRun) && dryRun.includes("All")),
  };
}
