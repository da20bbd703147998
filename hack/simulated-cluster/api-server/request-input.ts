// What a client asks for with a write or a deletion: the object and the options, from the body and the query. Pure.
import { ApiError, badRequest } from "./api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import type { DeleteOptions } from "./deletion.ts";
import { isJsonObject } from "./kube-object.ts";
import type { UntrustedObject } from "./object-metadata.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import type { WriteOptions } from "./write-options.ts";

/** The text as JSON; 400 when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding the body: ${(error as Error).message}`);
  }
}

/** The object in the body of a write; refused unless it is JSON of the resource's kind. */
export function readObject(request: ApiRequest, resource: ResourceDefinition): UntrustedObject {
  if (request.contentType.includes("protobuf")) {
    throw new ApiError(
      415,
      "UnsupportedMediaType",
      "the simulated cluster reads JSON only; use kubectl apply -f instead of this command",
      {},
    );
  }
  const body = readJson(request.body);
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

/** How to write, from the query. */
export function readWriteOptions({ query }: ApiRequest): WriteOptions {
  const validation = query.get("fieldValidation");
  return {
    isDryRun: query.get("dryRun") === "All",
    fieldValidation: validation === "Strict" || validation === "Ignore" ? validation : "Warn",
  };
}

/** How to delete: the body's options win over those of the query, but for a dry run. */
export function readDeleteOptions({ body, query }: ApiRequest): DeleteOptions {
  const given = body === "" ? {} : readJson(body);
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
