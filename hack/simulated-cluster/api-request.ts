// A request in the API's terms: which verb on which resource, read from method and URL.

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined for paths that are no resource, such as /version. */
  readonly target: RequestTarget | undefined;
  readonly verb: Verb;
  readonly userAgent: string;
  readonly contentType: string;
  readonly accept: string;
  /** The client's port. */
  readonly remotePort: number;
  /** The body as it came; empty for none. */
  readonly body: string;
}

export interface RequestTarget {
  readonly group: string;
  readonly version: string;
  /** The plural name. */
  readonly resource: string;
  /** Empty for all namespaces and for resources without namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

/** Subresources of a Namespace itself, which look like resources inside it. */
const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

/** What a URL path points at, or undefined when it is none of a resource. */
export function parseTarget(path: string): RequestTarget | undefined {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const isCore = parts[0] === "api";
  if (!isCore && parts[0] !== "apis") return undefined;
  const [group = "", version = ""] = isCore ? ["", parts[1]] : [parts[1], parts[2]];
  const rest = parts.slice(isCore ? 2 : 3);
  const isInNamespace =
    rest[0] === "namespaces" && rest.length >= 3 && !NAMESPACE_SUBRESOURCES.has(rest[2] ?? "");
  const [resource = "", name = "", subresource = ""] = isInNamespace ? rest.slice(2) : rest;
  if (resource === "") return undefined;
  return { group, version, resource, namespace: isInNamespace ? (rest[1] ?? "") : "", name, subresource };
}

/** The verb as RBAC and audit logs name it. */
export function verbOf(method: string, target: RequestTarget | undefined, query: URLSearchParams): Verb {
  const isOne = target === undefined || target.name !== "";
  switch (method) {
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return isOne ? "delete" : "deletecollection";
    default:
      if (["1", "true"].includes(query.get("watch") ?? "")) return "watch";
      return isOne ? "get" : "list";
  }
}
