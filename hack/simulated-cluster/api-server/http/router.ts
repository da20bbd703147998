// From a request to its answer: resources, discovery, OpenAPI, access reviews, health.

import type { ApiRequest } from "../../api-request.ts";
import { ApiError } from "../api-error.ts";
import { accessReviewAnswer } from "../discovery/access-review.ts";
import { discoveryAnswer } from "../discovery/discovery.ts";
import { LEGACY_OPENAPI } from "../discovery/openapi/legacy-document.ts";
import { openApiAnswer } from "../discovery/openapi.ts";
import type { ApiObjects } from "../objects.ts";
import type { Lists } from "../reading/lists.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { type Answer, createResourceRequests } from "./resource-requests.ts";

export interface Router {
  /** The resource at the request's path. */
  resourceOf(request: ApiRequest): ResourceDefinition | undefined;
  /**
   * Carries out anything but a watch; what is refused is an answer too. `asOf` is the revision at which the server's
   * watch cache stands, where it is behind.
   */
  answer(request: ApiRequest, asOf: number | undefined): Answer;
}

export function createRouter(objects: ApiObjects, lists: Lists): Router {
  const requests = createResourceRequests(objects, lists);

  function resourceOf({ target }: ApiRequest): ResourceDefinition | undefined {
    return target && objects.resources.atPath(target.group, target.version, target.resource);
  }

  function route(request: ApiRequest, asOf: number | undefined): Answer {
    const { path, target } = request;
    if (["/healthz", "/readyz", "/livez"].includes(path)) return { code: 200, body: "ok" };
    const resource = resourceOf(request);
    if (target && resource) {
      return withDeprecation(requests.answer(resource, target, request, asOf), resource);
    }
    if (path === "/openapi/v2") return LEGACY_OPENAPI;
    const review = accessReviewAnswer(request.method, path);
    if (review !== undefined) return { code: 201, body: JSON.stringify(review) };
    const resources = objects.resources.all();
    const discovered = discoveryAnswer(path, resources) ?? openApiAnswer(path, resources);
    if (discovered !== undefined) return { code: 200, body: JSON.stringify(discovered) };
    if (!isServed(request, resources)) return { code: 404, body: "404 page not found\n" };
    throw new ApiError(404, "NotFound", "the server could not find the requested resource", {});
  }

  return {
    resourceOf,
    answer(request, asOf) {
      try {
        return route(request, asOf);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return refusal(error);
      }
    },
  };
}

/** Whether there is the group and version that the path names. */
function isServed({ target }: ApiRequest, resources: readonly ResourceDefinition[]): boolean {
  return resources.some(({ group, version }) => group === target?.group && version === target.version);
}

/** Tells the client that the resource is on its way out. */
function withDeprecation(answer: Answer, { deprecation }: ResourceDefinition): Answer {
  if (deprecation === undefined) return answer;
  const warning = [answer.headers?.["warning"], `299 - ${JSON.stringify(deprecation)}`].filter(Boolean);
  return { ...answer, headers: { ...answer.headers, warning: warning.join(", ") } };
}

/** The answer that tells a refusal. */
export function refusal(error: ApiError): Answer {
  const seconds = error.details?.retryAfterSeconds;
  const headers = seconds === undefined ? undefined : { "retry-after": String(seconds) };
  return { code: error.code, body: JSON.stringify(error.status()), headers };
}
