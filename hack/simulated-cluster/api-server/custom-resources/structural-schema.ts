// Structural schemas of CRDs: filling in defaults and pruning what the schema does not know.
import { isJsonObject } from "../kube-object.ts";

/** The part of an OpenAPI v3 schema that CRDs may use. */
export interface Schema {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly nullable?: boolean | undefined;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly additionalProperties?: Schema | boolean | undefined;
  readonly items?: Schema | undefined;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[] | undefined;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean | undefined;
  readonly "x-kubernetes-int-or-string"?: boolean | undefined;
  readonly "x-kubernetes-embedded-resource"?: boolean | undefined;
  readonly [keyword: string]: unknown;
}

export interface ValidationRule {
  readonly rule: string;
  readonly message?: string | undefined;
  readonly messageExpression?: string | undefined;
  readonly reason?: string | undefined;
  readonly fieldPath?: string | undefined;
  readonly optionalOldSelf?: boolean | undefined;
}

/** A copy with the defaults of all missing fields whose parent is there. */
export function withDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => withDefaults(item, items));
  }
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [field, fieldSchema] of Object.entries(schema.properties ?? {})) {
    const isReplaced = result[field] === null && !fieldSchema.nullable && fieldSchema.default !== undefined;
    if (result[field] === undefined || isReplaced) {
      if (fieldSchema.default === undefined) continue;
      result[field] = structuredClone(fieldSchema.default);
    }
    result[field] = withDefaults(result[field], fieldSchema);
  }
  if (isJsonObject(schema.additionalProperties)) {
    for (const [field, item] of Object.entries(result)) {
      result[field] = withDefaults(item, schema.additionalProperties);
    }
  }
  return result;
}

/** A copy without unknown fields. Adds the path of each one that it left out to `removed`. */
export function prune(value: unknown, schema: Schema, path: string, removed: string[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item, i) => prune(item, items, `${path}[${i}]`, removed));
  }
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [field, item] of Object.entries(value)) {
    const fieldPath = path === "" ? field : `${path}.${field}`;
    const additional = isJsonObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
    const fieldSchema = schema.properties?.[field] ?? additional;
    if (fieldSchema !== undefined) result[field] = prune(item, fieldSchema, fieldPath, removed);
    else if (schema["x-kubernetes-preserve-unknown-fields"] || schema.additionalProperties === true) {
      result[field] = item;
    } else removed.push(fieldPath);
  }
  return result;
}
