// OpenAPI v3, as far as kubectl asks: which objects can be patched with which parameters, and the schemas of CRDs.
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";

const QUERY_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation", "force", "pretty"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

/** The answer to a path below /openapi/v3, or undefined when it is none. */
export function openApiAnswer(path: string, resources: readonly ResourceDefinition[]): object | undefined {
  if (path === "/openapi/v3") {
    const roots = [...new Set(resources.map(rootOf))];
    const entry = (root: string) => [
      root,
      { serverRelativeURL: `/openapi/v3/${root}?hash=${resources.length}` },
    ];
    return { paths: Object.fromEntries(roots.map(entry)) };
  }
  if (!path.startsWith("/openapi/v3/")) return undefined;
  const root = path.slice("/openapi/v3/".length);
  const served = resources.filter((resource) => rootOf(resource) === root);
  if (served.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.2" },
    paths: Object.fromEntries(served.map((resource) => [pathOf(resource), operations(resource)])),
    components: {
      schemas: Object.fromEntries(served.map((resource) => [schemaName(resource), schemaOf(resource)])),
    },
  };
}

function rootOf(resource: ResourceDefinition): string {
  return `${resource.group === "" ? "api" : "apis"}/${apiVersionOf(resource)}`;
}

function pathOf(resource: ResourceDefinition): string {
  const scope = resource.isNamespaced ? "/namespaces/{namespace}" : "";
  return `/${rootOf(resource)}${scope}/${resource.plural}/{name}`;
}

function schemaName({ group, version, kind }: ResourceDefinition): string {
  const reversed = (group === "" ? "io.k8s.api.core" : group).split(".").reverse().join(".");
  return group === "" ? `io.k8s.api.core.${version}.${kind}` : `${reversed}.${version}.${kind}`;
}

function kindOf({ group, version, kind }: ResourceDefinition): object {
  return { group, version, kind };
}

function operations(resource: ResourceDefinition): object {
  const schema = { $ref: `#/components/schemas/${schemaName(resource)}` };
  const answer = { responses: { 200: { description: "OK", content: { "application/json": { schema } } } } };
  const operation = (action: string) => ({
    ...answer,
    parameters: QUERY_PARAMETERS,
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kindOf(resource),
  });
  return {
    get: operation("get"),
    put: operation("put"),
    patch: operation("patch"),
    delete: operation("delete"),
  };
}

function schemaOf(resource: ResourceDefinition): object {
  return {
    ...(resource.schema ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true }),
    "x-kubernetes-group-version-kind": [kindOf(resource)],
  };
}
