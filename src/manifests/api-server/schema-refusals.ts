// Fields that do not exist, values of the wrong type, and what is missing: what a schema can say.
import { nearest } from "../../domain/nearest.ts";
import type { Field } from "../field.ts";
import type { Manifest } from "../manifest.ts";
import { isPlaceholder, pathText, type Refusal } from "./refusal.ts";
import type { Schema, SchemaFault, Schemas } from "./schemas.ts";

/** The refusals of an object that is of a kind with a schema. */
export function schemaRefusals({ root }: Manifest, kind: string, schemas: Schemas): readonly Refusal[] {
  return schemas.faultsOf(kind, root.value).flatMap((fault) => refusalOf(fault, root, schemas) ?? []);
}

function refusalOf(fault: SchemaFault, root: Field, schemas: Schemas): Refusal | undefined {
  const field = root.at(...fault.path);
  switch (fault.is) {
    case "unknown":
      return unknownField(field, fault.name, fault.schema, schemas);
    case "missing": {
      const missing = field.at(fault.name);
      return {
        field: missing,
        says: `${pathText(missing)}: Required value`,
        fix: `Write \`${fault.name}\`.`,
      };
    }
    case "type":
      return isPlaceholder(field) ? undefined : wrongType(field, fault.wanted);
  }
}

function unknownField(parent: Field, name: string, schema: Schema, schemas: Schemas): Refusal {
  const field = parent.at(name);
  const properties = schemas.propertiesOf(schema);
  const inside = Object.entries(properties).find(([, inner]) =>
    Object.hasOwn(schemas.propertiesOf(inner), name),
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

function nearestField(name: string, names: readonly string[]): string | undefined {
  const sameLetters = names.find((one) => one.toLowerCase() === name.toLowerCase());
  const longer = names.filter((one) => one.startsWith(name));
  return sameLetters ?? (longer.length === 1 ? longer[0] : nearest(name, names));
}

function wrongType(field: Field, types: readonly string[]): Refusal {
  const { value } = field;
  const is = Array.isArray(value) ? "array" : typeof value === "object" ? "object" : typeof value;
  const path = pathText(field);
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
