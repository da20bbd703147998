// OpenAPI v3, as far as kubectl asks: which objects can be patched with which parameters, and the schemas of all kinds.

import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import {
  builtInSchemaName,
  type PublishedSchema,
  schemasWithReferences,
} from "./openapi/kubernetes-schemas.ts";

const QUERY_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation", "force", "pretty"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

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
  const custom = served.filter(({ isCustom }) => isCustom);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.2" },
    paths: Object.fromEntries(served.map((resource) => [pathOf(resource), operations(resource)])),
    components: {
      schemas: {
        ...schemasWithReferences([OBJECT_META, ...served.map(schemaName)]),
        ...Object.fromEntries(custom.map((resource) => [schemaName(resource), customSchema(resource)])),
      },
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

/** "io.rolloutguard.v1alpha1.Incident" of a custom kind: the group backwards. */
function schemaName(resource: ResourceDefinition): string {
  const { group, version, kind } = resource;
  const reversed = group.split(".").reverse().join(".");
  return builtInSchemaName(resource) ?? `${reversed}.${version}.${kind}`;
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

/** The CRD's schema with the server's own words on what all objects have. */
function customSchema(resource: ResourceDefinition): PublishedSchema {
  const { properties: own = {}, ...schema } = (resource.schema ?? {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
  }) as { properties?: object };
  const [status] = Object.values(schemasWithReferences(["io.k8s.apimachinery.pkg.apis.meta.v1.Status"]));
  const { apiVersion, kind } = (status?.["properties"] ?? {}) as Record<string, unknown>;
  const metadata = {
    description:
      "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
    allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
  };
  return {
    ...schema,
    properties: { ...own, apiVersion, kind, metadata },
    "x-kubernetes-group-version-kind": [kindOf(resource) as { group: string; version: string; kind: string }],
  };
}
