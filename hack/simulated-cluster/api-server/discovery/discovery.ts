// What the server serves, for clients that ask: groups, resources, version.
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
/** The same, in the order in which the server of custom resources lists them. */
const CUSTOM_VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

/** Resources that are only asked, not stored, by group: who somebody is, and what one may do. */
const REVIEWS: Readonly<Record<string, readonly object[]>> = {
  "authentication.k8s.io": [
    review("selfsubjectreviews", "SelfSubjectReview"),
    review("tokenreviews", "TokenReview"),
  ],
  "authorization.k8s.io": [
    review("localsubjectaccessreviews", "LocalSubjectAccessReview", true),
    review("selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    review("selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    review("subjectaccessreviews", "SubjectAccessReview"),
  ],
};

function review(name: string, kind: string, namespaced = false) {
  return { name, kind, namespaced, singularName: kind.toLowerCase(), verbs: ["create"] };
}

/** The Kubernetes version that the recordings come from. */
const VERSION = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.2",
  gitCommit: "simulated",
  gitTreeState: "clean",
  buildDate: "2026-06-10T00:00:00Z",
  goVersion: "go1.25",
  compiler: "gc",
  platform: "linux/amd64",
};

/** The answer to a discovery path, or undefined when the path is none. */
export function discoveryAnswer(path: string, resources: readonly ResourceDefinition[]): object | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const [root, first, second, ...rest] = parts;
  if (path === "/version") return VERSION;
  if (rest.length > 0) return undefined;
  if (root === "api") {
    if (first === undefined) return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
    return second === undefined
      ? resourceList(
          first,
          resources.filter(({ group }) => group === ""),
        )
      : undefined;
  }
  if (root !== "apis") return undefined;
  const groups = [...new Set(resources.map(({ group }) => group))].filter((group) => group !== "");
  const reviews = Object.keys(REVIEWS).map((group) => apiGroup(group, ["v1"]));
  if (first === undefined) {
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: [...groups.map((group) => apiGroup(group, versionsOf(group, resources))), ...reviews],
    };
  }
  if (Object.hasOwn(REVIEWS, first)) return reviewsAnswer(first, second);
  if (!groups.includes(first)) return undefined;
  if (second === undefined) {
    return { kind: "APIGroup", apiVersion: "v1", ...apiGroup(first, versionsOf(first, resources)) };
  }
  const served = resources.filter(({ group, version }) => group === first && version === second);
  return served.length === 0 ? undefined : resourceList(`${first}/${second}`, served);
}

function reviewsAnswer(group: string, version: string | undefined): object | undefined {
  if (version === undefined) return { kind: "APIGroup", apiVersion: "v1", ...apiGroup(group, ["v1"]) };
  if (version !== "v1") return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: `${group}/v1`,
    resources: REVIEWS[group],
  };
}

function versionsOf(name: string, resources: readonly ResourceDefinition[]): readonly string[] {
  return [...new Set(resources.filter(({ group }) => group === name).map(({ version }) => version))];
}

function apiGroup(name: string, versions: readonly string[]): object {
  const described = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: described, preferredVersion: described[0] };
}

function resourceList(groupVersion: string, resources: readonly ResourceDefinition[]): object {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: resources
      .filter((resource) => apiVersionOf(resource) === groupVersion)
      .flatMap((resource) => [apiResource(resource), ...subresources(resource)]),
  };
}

function apiResource(resource: ResourceDefinition): object {
  return {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.isNamespaced,
    kind: resource.kind,
    verbs: verbsOf(resource),
    ...(resource.shortNames && { shortNames: resource.shortNames }),
    ...(resource.categories && { categories: resource.categories }),
  };
}

function verbsOf({ id, isCustom }: ResourceDefinition): readonly string[] {
  if (isCustom) return CUSTOM_VERBS;
  // Namespaces go one by one.
  return id === "namespaces" ? VERBS.filter((verb) => verb !== "deletecollection") : VERBS;
}

function subresources(resource: ResourceDefinition): object[] {
  const { plural, kind, isNamespaced: namespaced } = resource;
  const verbs = ["get", "patch", "update"];
  const status = { name: `${plural}/status`, singularName: "", namespaced, kind, verbs };
  const scale = {
    name: `${plural}/scale`,
    singularName: "",
    namespaced,
    group: "autoscaling",
    version: "v1",
    kind: "Scale",
    verbs,
  };
  const eviction = {
    name: `${plural}/eviction`,
    singularName: "",
    namespaced,
    group: "policy",
    version: "v1",
    kind: "Eviction",
    verbs: ["create"],
  };
  const log = { name: `${plural}/log`, singularName: "", namespaced, kind, verbs: ["get"] };
  return [
    ...(resource.hasStatus ? [status] : []),
    ...(resource.hasScale ? [scale] : []),
    ...(resource.id === "pods" ? [eviction, log] : []),
  ];
}
