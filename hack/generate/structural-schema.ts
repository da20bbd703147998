// From a zod schema to the structural OpenAPI schema that a CustomResourceDefinition must carry. What a CRD cannot say is an error here.
import { z } from "zod";

/** The part of OpenAPI v3 that Kubernetes calls a structural schema, as far as RolloutGuard uses it. */
export interface StructuralSchema {
  readonly description?: string;
  /** Absent for what is a whole number or a string. */
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  readonly format?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: StructuralSchema;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  readonly "x-kubernetes-int-or-string"?: true;
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly { readonly rule: string; readonly message: string }[];
}

type JsonSchema = Readonly<Record<string, unknown>>;

const TYPES = ["object", "array", "string", "integer", "boolean"] as const;

/** In the order in which people read a field. */
const KEYWORDS = [
  "description",
  "type",
  "format",
  "default",
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-validations",
] as const;

/** Keywords that are taken apart or left out on purpose; any other one is an error. */
const HANDLED = new Set<string>([...KEYWORDS, "items", "properties", "required", "additionalProperties"]);

/**
 * The structural schema of what users may write (defaults are not required).
 * Throws, naming the field, for what the API server would refuse (unions, references, no type) and for
 * what would be poor: a field without a description, or without a bound.
 */
export function toStructuralSchema(schema: z.ZodType, path: string): StructuralSchema {
  const json = z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    reused: "inline",
    unrepresentable: "any",
  });
  const { $schema: _, ...root } = json as JsonSchema;
  return convert(root, path);
}

function convert(json: JsonSchema, path: string): StructuralSchema {
  const unknown = Object.keys(json).find((keyword) => !HANDLED.has(keyword));
  if (unknown)
    throw new Error(`${path}: "${unknown}" has no place in a structural schema; write a plain type`);
  if (json["x-kubernetes-int-or-string"] === true) return keptOf(json);
  const type = TYPES.find((known) => known === json.type);
  if (!type)
    throw new Error(`${path}: type ${JSON.stringify(json.type)} has no place in a structural schema`);
  if (typeof json.additionalProperties === "object")
    throw new Error(`${path}: a map of values is not supported`);

  const kept = keptOf(json);
  switch (type) {
    case "object":
      return { ...kept, type, ...convertProperties(json, path) };
    case "array":
      return convertArray({ ...kept, type }, json, path);
    case "integer":
      return convertInteger({ ...kept, type }, path);
    case "string":
      return convertString({ ...kept, type }, path);
    case "boolean":
      return { ...kept, type };
  }
}

function keptOf(json: JsonSchema): StructuralSchema {
  return Object.fromEntries(
    KEYWORDS.filter((keyword) => json[keyword] !== undefined).map((keyword) => [keyword, json[keyword]]),
  );
}

function convertProperties(
  json: JsonSchema,
  path: string,
): Pick<StructuralSchema, "properties" | "required"> {
  const properties = Object.entries((json.properties ?? {}) as Record<string, JsonSchema>).map(
    ([name, property]) => {
      const converted = convert(property, `${path}.${name}`);
      if (!converted.description) throw new Error(`${path}.${name}: has no description`);
      return [name, converted] as const;
    },
  );
  const required = (json.required ?? []) as string[];
  return { ...(required.length > 0 && { required }), properties: Object.fromEntries(properties) };
}

function convertArray(kept: StructuralSchema, json: JsonSchema, path: string): StructuralSchema {
  if (kept.maxItems === undefined) throw new Error(`${path}: an array needs a maximum length`);
  return {
    ...kept,
    "x-kubernetes-list-type": kept["x-kubernetes-list-type"] ?? "atomic",
    items: convert(json.items as JsonSchema, `${path}[]`),
  };
}

/** Kubernetes' integers are int64; zod's own bounds of what JavaScript can count to say nothing. */
function convertInteger({ minimum, maximum, ...kept }: StructuralSchema, path: string): StructuralSchema {
  if (minimum === undefined || minimum === Number.MIN_SAFE_INTEGER) {
    throw new Error(`${path}: an integer needs a minimum`);
  }
  const isBounded = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  return { ...kept, format: "int64", minimum, ...(isBounded && { maximum }) };
}

/** The API server checks date-time itself, so zod's long pattern for it is left out. */
function convertString({ pattern, ...kept }: StructuralSchema, path: string): StructuralSchema {
  if (kept.format === "date-time") return kept;
  if (kept.format) throw new Error(`${path}: format ${kept.format} is not known`);
  if (!kept.enum && kept.maxLength === undefined) throw new Error(`${path}: a string needs a maximum length`);
  return { ...kept, ...(pattern !== undefined && { pattern }) };
}
