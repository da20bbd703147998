// Fields that do not exist, values of the wrong type, and what is missing: what a schema can say.
import type { ErrorObject } from "ajv";
import { nearest } from "../../domain/nearest.ts";
import type { Field } from "../field.ts";
import type { Manifest } from "../manifest.ts";
import { isPlaceholder, pathText, type Refusal } from "./refusal.ts";
import type { Schemas } from "./schemas.ts";

/** The refusals of an object that is of a kind with a schema. */
export function schemaRefusals({ root }: Manifest, kind: string, schemas: Schemas): readonly Refusal[] {
  const faults = schemas.faultsOf(kind, withoutNulls(root.value)) ?? [];
  return faults.flatMap((fault) => refusalOf(fault, root, schemas) ?? []);
}

/** Nothing that people write is deeper; an alias can make a list hold itself. */
const DEEPEST = 40;

/** The API server reads null as left out. */
function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return undefined;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([key, inner]) => [key, withoutNulls(inner, depth + 1)]),
  );
}

function refusalOf(fault: ErrorObject, root: Field, schemas: Schemas): Refusal | undefined {
  const field = fieldAt(root, fault.instancePath);
  const { params } = fault;
  switch (fault.keyword) {
    case "additionalProperties":
      return unknownField(field, String(params.additionalProperty), fault.parentSchema, schemas);
    case "required": {
      const missing = String(params.missingProperty);
      const path = pathText(field.at(missing));
      return { field: field.at(missing), says: `${path}: Required value`, fix: `Write \`${missing}\`.` };
    }
    case "type":
      return isPlaceholder(field) ? undefined : wrongType(field, params.type as string | readonly string[]);
    default:
      return undefined;
  }
}

function fieldAt(root: Field, pointer: string): Field {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((field, step) => field.at(Array.isArray(field.value) ? Number(step) : step), root);
}

function unknownField(parent: Field, name: string, schema: unknown, schemas: Schemas): Refusal {
  const field = parent.at(name);
  const properties = schemas.propertiesOf(schema);
  const inside = Object.entries(properties).find(
    ([, inner]) => Object.hasOwn(schemas.propertiesOf(inner), name) && isFilled(inner),
  )?.[0];
  // env belongs to the containers: rather one step down than another word of the same place.
  const meant = nearestField(name, Object.keys(properties));
  return {
    field,
    says: `unknown field "${pathText(field)}"`,
    fix:
      meant !== undefined && (inside === undefined || meant.toLowerCase() === name.toLowerCase())
        ? `Write \`${meant}\`.`
        : inside === undefined
          ? "Take it out, or move it to where it belongs: see `kubectl explain`."
          : `Move it into \`${inside}\`.`,
  };
}

/** Lists and objects, which have fields of their own. */
function isFilled(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null;
}

function nearestField(name: string, names: readonly string[]): string | undefined {
  const sameLetters = names.find((one) => one.toLowerCase() === name.toLowerCase());
  const longer = names.filter((one) => one.startsWith(name));
  return sameLetters ?? (longer.length === 1 ? longer[0] : nearest(name, names));
}

function wrongType(field: Field, wanted: string | readonly string[]): Refusal {
  const { value } = field;
  const is = Array.isArray(value) ? "array" : typeof value === "object" ? "object" : typeof value;
  const path = pathText(field);
  const types = typeof wanted === "string" ? [wanted] : wanted;
  const fix =
    types.includes("string") && (is === "number" || is === "boolean")
      ? "Write the value in quotes."
      : types.includes("integer") && field.text !== undefined && /^-?\d+$/.test(field.text)
        ? `Write \`${field.text}\` without quotes.`
        : types.includes("boolean") && /^(true|false)$/.test(field.text ?? "")
          ? `Write \`${field.text}\` without quotes.`
          : `Write ${types.map((type) => (type === "integer" ? "a number" : type === "array" ? "a list" : type === "object" ? "an object" : `a ${type}`)).join(" or ")}.`;
  return { field, says: `${path}: cannot unmarshal ${is} into a field of type ${types.join(" or ")}`, fix };
}
