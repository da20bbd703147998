// Validation of custom resources against their schema, with faults in the words of a real API server.
import { Ajv, type ErrorObject } from "ajv";
import type { FieldError } from "../api-error.ts";
import { isJsonObject } from "../kube-object.ts";
import type { Schema } from "./structural-schema.ts";

export type SchemaValidator = (object: unknown) => readonly FieldError[];

/** Compiles the schema once; the result lists every fault of an object. */
export function compileSchema(schema: Schema): SchemaValidator {
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, validateFormats: true });
  ajv.addFormat("int32", {
    type: "number",
    validate: (n: number) => Number.isInteger(n) && Math.abs(n) < 2 ** 31,
  });
  ajv.addFormat("int64", { type: "number", validate: Number.isInteger });
  ajv.addFormat(
    "date-time",
    (text: string) => !Number.isNaN(Date.parse(text)) && /^\d{4}-\d\d-\d\dT/.test(text),
  );
  for (const format of ["double", "float", "byte", "duration", "uri", "date"]) ajv.addFormat(format, true);
  const validate = ajv.compile(asJsonSchema(schema) as object);
  return (object) => {
    if (validate(object)) return [];
    return (validate.errors ?? []).filter(({ keyword }) => keyword !== "anyOf").map(fieldError);
  };
}

/** The schema in plain JSON Schema: Kubernetes' own keywords are spelled out or left out. */
function asJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJsonSchema);
  if (!isJsonObject(schema)) return schema;
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword.startsWith("x-kubernetes-") || keyword === "default" || keyword === "nullable") continue;
    const isMap = keyword === "properties" && isJsonObject(value);
    result[keyword] = isMap
      ? Object.fromEntries(Object.entries(value).map(([field, each]) => [field, asJsonSchema(each)]))
      : ["items", "additionalProperties", "allOf", "anyOf", "oneOf", "not"].includes(keyword)
        ? asJsonSchema(value)
        : value;
  }
  if (schema["x-kubernetes-int-or-string"] === true) result["type"] = ["integer", "string"];
  if (schema["nullable"] === true && typeof result["type"] === "string")
    result["type"] = [result["type"], "null"];
  return result;
}

/** "/spec/items/0/name" as "spec.items[0].name". */
function fieldPath(pointer: string): string {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return parts.reduce((path, part) => {
    if (/^\d+$/.test(part)) return `${path}[${part}]`;
    return path === "" ? part : `${path}.${part}`;
  }, "");
}

function fieldError({ keyword, instancePath, params, data, schema }: ErrorObject): FieldError {
  const field = fieldPath(instancePath);
  const value = JSON.stringify(data);
  const isWrong = (why: string, shown = value): FieldError => ({
    field,
    reason: "FieldValueInvalid",
    message: `Invalid value: ${shown}: ${field} in body ${why}`,
  });
  const limit = String(params["limit"]);
  switch (keyword) {
    case "required": {
      const missing = String(params["missingProperty"]);
      return {
        field: field === "" ? missing : `${field}.${missing}`,
        reason: "FieldValueRequired",
        message: "Required value",
      };
    }
    case "type": {
      const wanted = Array.isArray(schema) ? schema[0] : schema;
      const actual = `"${typeName(data)}"`;
      return isWrong(`must be of type ${wanted}: ${actual}`, actual);
    }
    case "enum": {
      const supported = (schema as unknown[]).map((each) => JSON.stringify(each)).join(", ");
      return {
        field,
        reason: "FieldValueNotSupported",
        message: `Unsupported value: ${value}: supported values: ${supported}`,
      };
    }
    case "pattern":
      return isWrong(`should match '${String(schema)}'`);
    case "minimum":
      return isWrong(`should be greater than or equal to ${limit}`);
    case "maximum":
      return isWrong(`should be less than or equal to ${limit}`);
    case "exclusiveMinimum":
      return isWrong(`should be greater than ${limit}`);
    case "exclusiveMaximum":
      return isWrong(`should be less than ${limit}`);
    case "minLength":
      return isWrong(`should be at least ${limit} chars long`);
    case "maxLength":
      return { field, reason: "FieldValueTooLong", message: `Too long: may not be more than ${limit} bytes` };
    case "minItems":
      return isWrong(`should have at least ${limit} items`);
    case "maxItems": {
      const length = Array.isArray(data) ? data.length : 0;
      return {
        field,
        reason: "FieldValueTooMany",
        message: `Too many: ${length}: must have at most ${limit} items`,
      };
    }
    case "format":
      return isWrong(`must be of type ${String(schema)}: ${value}`);
    default:
      return isWrong(`does not meet ${keyword}`);
  }
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
