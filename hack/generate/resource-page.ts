// docs/reference/rolloutguard.md and incident.md: every field, from the same schema as the CRDs.
import { DURATION_PATTERN } from "../../src/api/duration.ts";
import { API_VERSION } from "../../src/api/group.ts";
import { buildObjectSchema } from "./crds.ts";
import { CUSTOM_RESOURCES, type CustomResource } from "./custom-resources.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { code, pageHead, table } from "./markdown.ts";
import type { StructuralSchema } from "./structural-schema.ts";

export function generateResourcePages(): GeneratedFile[] {
  return CUSTOM_RESOURCES.map((resource) => ({
    path: `docs/reference/${resource.singular}.md`,
    text: describeResource(resource),
  }));
}

function describeResource(resource: CustomResource): string {
  const { kind, singular, shortName, description, columns } = resource;
  const { spec, status } = buildObjectSchema(resource).properties ?? {};
  return `${pageHead(kind, "src/api")}
${description}

\`apiVersion: ${API_VERSION}\`, \`kind: ${kind}\`; on the command line \`${singular}\` or \`${shortName}\`.

## spec

${spec?.description}

${fieldTable(spec, "spec")}

### Rules

The API server refuses what breaks one of these.

${table(
  ["Field", "Rule"],
  [...rulesOf(spec, "spec")].map(([path, message]) => [code(path), message]),
)}

## status

${status?.description}

${fieldTable(status, "status")}

## Columns of \`kubectl get ${singular}\`

${table(
  ["Column", "Meaning", "Shown"],
  columns.map(({ name, description, priority }) => [
    name.toUpperCase(),
    description,
    priority ? "with `-o wide`" : "always",
  ]),
)}
`;
}

function fieldTable(schema: StructuralSchema | undefined, path: string): string {
  return table(["Field", "Type", "Default", "Meaning"], [...fieldsOf(schema, path)]);
}

/** A row for each field below the schema, parents before their children. */
function* fieldsOf(schema: StructuralSchema | undefined, path: string): Generator<string[]> {
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    const inner = `${path}.${name}`;
    const isRequired = schema?.required?.includes(name) ?? false;
    yield [code(inner), typeOf(field), defaultOf(field, isRequired), field.description ?? ""];
    if (field.items) yield* fieldsOf(field.items, `${inner}[]`);
    else yield* fieldsOf(field, inner);
  }
}

function* rulesOf(
  schema: StructuralSchema | undefined,
  path: string,
): Generator<[path: string, message: string]> {
  for (const { message } of schema?.["x-kubernetes-validations"] ?? []) yield [path, message];
  if (schema?.items) yield* rulesOf(schema.items, `${path}[]`);
  for (const [name, field] of Object.entries(schema?.properties ?? {}))
    yield* rulesOf(field, `${path}.${name}`);
}

function typeOf({
  type,
  format,
  enum: words,
  items,
  minimum,
  maximum,
  maxItems,
  pattern,
}: StructuralSchema): string {
  if (words) return words.map(code).join(", ");
  if (format === "date-time") return "time";
  if (type === "array")
    return `list of ${items?.type === "object" ? "objects" : `${items?.type}s`}, at most ${maxItems}`;
  if (pattern === DURATION_PATTERN) return "duration";
  if (pattern?.endsWith(DURATION_PATTERN)) return "duration or `Auto`";
  if (type === undefined) return "integer or string";
  if (type !== "integer") return type;
  return maximum === undefined ? `integer from ${minimum}` : `integer from ${minimum} to ${maximum}`;
}

function defaultOf({ type, default: value }: StructuralSchema, isRequired: boolean): string {
  if (isRequired) return "required";
  return value === undefined || type === "object"
    ? ""
    : code(typeof value === "string" ? value : JSON.stringify(value));
}
