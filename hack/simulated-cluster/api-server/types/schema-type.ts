// The type of a custom resource, read from its CRD's schema.

import type { Schema } from "../custom-resources/structural-schema.ts";
import { isJsonObject } from "../kube-object.ts";
import { ANY, type FieldType, type StructField } from "./field-type.ts";
import { metadataType } from "./kubernetes-types.ts";

const NOT_MERGED = { isMerged: false };

/** The type of the whole object: its metadata is that of every kind. */
export function typeOfCustomResource(schema: Schema): FieldType {
  const type = typeOfSchema(schema);
  const fields = new Map(type.form === "struct" ? type.fields : []);
  fields.set("metadata", fieldOf("metadata", metadataType()));
  return { form: "struct", name: "", isAtomic: false, fields, numbered: new Map() };
}

function typeOfSchema(schema: Schema): FieldType {
  const isAtomic = schema["x-kubernetes-map-type"] === "atomic";
  if (schema.items !== undefined) {
    const keys = schema["x-kubernetes-list-map-keys"];
    const listType = schema["x-kubernetes-list-type"];
    return {
      form: "list",
      merge: listType === "map" ? "keys" : listType === "set" ? "set" : "atomic",
      keys: Array.isArray(keys) ? (keys as string[]) : [],
      items: typeOfSchema(schema.items),
    };
  }
  if (isJsonObject(schema.additionalProperties)) {
    return { form: "map", isAtomic, values: typeOfSchema(schema.additionalProperties) };
  }
  if (schema.properties !== undefined && schema["x-kubernetes-preserve-unknown-fields"] !== true) {
    const fields = new Map<string, StructField>();
    for (const [name, each] of Object.entries(schema.properties)) {
      fields.set(name, fieldOf(name, typeOfSchema(each)));
    }
    return { form: "struct", name: "", isAtomic, fields, numbered: new Map() };
  }
  return isAtomic ? { form: "map", isAtomic, values: ANY } : ANY;
}

function fieldOf(name: string, type: FieldType): StructField {
  return {
    name,
    type,
    number: 0,
    isPointer: true,
    isAlwaysWritten: false,
    isInline: false,
    patch: NOT_MERGED,
  };
}
