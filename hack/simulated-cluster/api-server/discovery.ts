// What the server serves, for clients that ask: groups, resources, version.
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

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
  if (first === undefined) {
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: groups.map((group) => apiGroup(group, resources)),
    };
  }
  if (!groups.includes(first)) return undefined;
  if (second === undefined) return { kind: "APIGroup", apiVersion: "v1", ...apiGroup(first, resources) };
  const served = resources.filter(({ group, version }) => group === first && version === second);
  return served.length === 0 ? undefined : resourceList(`${first}/${second}`, served);
}

function apiGroup(name: string, resources: readonly ResourceDefinition[]): object {
  const versions = [
    ...new Set(resources.filter(({ group }) => group === name).map(({ version }) => version)),
  ];
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
    verbs: VERBS,
    ...(resource.shortNames && { shortNames: resource.shortNames }),
    ...(resource.categories && { categories: resource.categories }),
  };
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
  return [...(resource.hasStatus ? [status] : []), ...(resource.hasScale ? [scale] : [])];
}
