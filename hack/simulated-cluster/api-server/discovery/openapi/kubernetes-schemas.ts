// The OpenAPI schemas of the built-in kinds, as a Kubernetes v1.36.2 server publishes them (Apache-2.0).
import { readFileSync } from "node:fs";

/** A schema as it is published; only what is used here is typed. */
export interface PublishedSchema {
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
  readonly [keyword: string]: unknown;
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const FILE = new URL("kubernetes-schemas.jsonl", import.meta.url);
const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

let schemas: ReadonlyMap<string, PublishedSchema> | undefined;

/** Read when a client first asks: most never do. */
function all(): ReadonlyMap<string, PublishedSchema> {
  schemas ??= new Map(
    readFileSync(FILE, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as [string, PublishedSchema]),
  );
  return schemas;
}

/** The name of the kind's schema, such as io.k8s.api.apps.v1.Deployment; undefined for kinds that are not built in. */
export function builtInSchemaName({ group, version, kind }: GroupVersionKind): string | undefined {
  for (const [name, schema] of all()) {
    const isIt = schema["x-kubernetes-group-version-kind"]?.some(
      (each) => each.group === group && each.version === version && each.kind === kind,
    );
    if (isIt) return name;
  }
  return undefined;
}

/** These schemas and all that they refer to, by name. */
export function schemasWithReferences(names: readonly string[]): Readonly<Record<string, PublishedSchema>> {
  const found: Record<string, PublishedSchema> = {};
  const wanted = [...names];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const schema = all().get(name);
    if (schema === undefined || name in found) continue;
    found[name] = schema;
    for (const [, reference = ""] of JSON.stringify(schema).matchAll(REFERENCE)) wanted.push(reference);
  }
  return found;
}
