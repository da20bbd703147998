// Whether a fault concerns a request.
import type { ApiRequest } from "../api-request.ts";
import type { OneOrMore, RequestMatcher } from "./fault.ts";

/** What of a request a matcher looks at. */
export type MatchableRequest = Pick<ApiRequest, "verb" | "target" | "userAgent" | "remotePort">;

export function matches(matcher: RequestMatcher, request: MatchableRequest): boolean {
  const { verb, target, userAgent, remotePort } = request;
  const { resource = "", subresource = "", namespace = "", name = "" } = target ?? {};
  return (
    (includes(matcher.verb, verb) || includes(matcher.verb, kindOfVerb(verb))) &&
    includes(matcher.resource, resource) &&
    includes(matcher.subresource, subresource) &&
    includes(matcher.namespace, namespace) &&
    includes(matcher.name, name) &&
    (matcher.userAgent === undefined || userAgent.startsWith(matcher.userAgent)) &&
    includes(matcher.remotePort, remotePort)
  );
}

function includes<T>(wanted: OneOrMore<T> | undefined, value: T): boolean {
  if (wanted === undefined) return true;
  return Array.isArray(wanted) ? (wanted as readonly T[]).includes(value) : wanted === value;
}

function kindOfVerb(verb: ApiRequest["verb"]): "read" | "write" | "watch" {
  if (verb === "watch") return "watch";
  return verb === "get" || verb === "list" ? "read" : "write";
}
