// What is known of a value's type: enough to check, merge, decode and track it field by field.

export type FieldType = AnyType | ScalarType | StructType | MapType | ListType;

/** Nothing is known: objects are taken as maps, lists as one value. */
export interface AnyType {
  readonly form: "any";
}

export interface ScalarType {
  readonly form: "scalar";
  readonly scalar: ScalarName;
}

export type ScalarName =
  | "string"
  | "int32"
  | "int64"
  | "bool"
  | "float64"
  | "bytes"
  | "quantity"
  | "intOrString"
  | "time"
  | "microTime";

export interface StructType {
  readonly form: "struct";
  /** The name in Go ("PodSpec"); empty for the types of custom resources. */
  readonly name: string;
  /** Whether an applier owns it as a whole. */
  readonly isAtomic: boolean;
  /** The fields in JSON, by name. */
  readonly fields: ReadonlyMap<string, StructField>;
  /** The fields in protobuf, by number. Empty for custom resources. */
  readonly numbered: ReadonlyMap<number, StructField>;
}

export interface StructField {
  readonly name: string;
  /** The number in protobuf. */
  readonly number: number;
  readonly type: FieldType;
  /** Whether "absent" differs from the zero value. */
  readonly isPointer: boolean;
  /** Whether the field is written when it is empty, too. */
  readonly isAlwaysWritten: boolean;
  /** Whether its own fields stand in the outer object in JSON. */
  readonly isInline: boolean;
  /** How strategic merge patches treat the value. */
  readonly patch: PatchStrategy;
}

export interface PatchStrategy {
  readonly isMerged: boolean;
  /** The field by which items of a merged list are matched; undefined for plain values. */
  readonly mergeKey?: string | undefined;
}

export interface MapType {
  readonly form: "map";
  readonly isAtomic: boolean;
  readonly values: FieldType;
}

export interface ListType {
  readonly form: "list";
  readonly merge: "atomic" | "set" | "keys";
  readonly keys: readonly string[];
  readonly items: FieldType;
}

export const ANY: AnyType = { form: "any" };

/** The type of a field of an object, or undefined when the type has no such field. */
export function typeOfField(type: FieldType, name: string): FieldType | undefined {
  if (type.form === "struct") return type.fields.get(name)?.type;
  if (type.form === "map") return type.values;
  return ANY;
}

/** Whether values of the type are one leaf for server-side apply. */
export function isLeafType(type: FieldType, value: unknown): boolean {
  switch (type.form) {
    case "scalar":
      return true;
    case "struct":
    case "map":
      return type.isAtomic;
    case "list":
      return type.merge === "atomic";
    case "any":
      return typeof value !== "object" || value === null || Array.isArray(value);
  }
}

/** What the server sees where nothing was sent: only the parts of a struct that cannot be absent. */
export function emptyValueOf(type: FieldType): Readonly<Record<string, unknown>> {
  if (type.form !== "struct" || type.name === "") return {};
  const result: Record<string, unknown> = {};
  for (const field of type.fields.values()) {
    if (field.isPointer) continue;
    if (field.type.form === "struct") result[field.name] = emptyValueOf(field.type);
    else if (field.isAlwaysWritten && field.type.form !== "scalar") result[field.name] = null;
  }
  return result;
}
