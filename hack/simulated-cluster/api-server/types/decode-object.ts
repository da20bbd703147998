// Reads what a client sent as a built-in kind, as the API server's decoder does: types checked, unknown fields left
// out and named, zero values that Go would not write left out.
import { badRequest } from "../api-error.ts";
import { isJsonObject } from "../kube-object.ts";
import type { FieldType, ScalarType, StructField, StructType } from "./field-type.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Decoded {
  readonly value: Fields;
  /** Paths of the fields that the type does not have. */
  readonly unknown: readonly string[];
}

/** The body as an object of the type. Throws a 400 for a value of another type; `what` begins its message. */
export function decodeObject(type: StructType, body: Fields, what: string): Decoded {
  const unknown: string[] = [];
  return { value: decodeStruct(type, body, { what, indexed: "", plain: "", struct: "", unknown }), unknown };
}

/** Where in the object decoding stands: paths with and without the indexes of lists, as two kinds of messages have them. */
interface Place {
  readonly what: string;
  readonly indexed: string;
  readonly plain: string;
  readonly struct: string;
  readonly unknown: string[];
}

function below(place: Place, struct: string, field: string): Place {
  const join = (path: string) => (path === "" ? field : `${path}.${field}`);
  return { ...place, struct, indexed: join(place.indexed), plain: join(place.plain) };
}

function decodeStruct(type: StructType, body: Fields, place: Place): Fields {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (place.indexed === "" && (name === "apiVersion" || name === "kind")) continue;
    const field = type.fields.get(name);
    const inner = below(place, type.name, name);
    if (field === undefined) {
      place.unknown.push(inner.indexed);
      continue;
    }
    if (value === null || value === undefined) continue;
    const decoded = decodeValue(field.type, value, inner);
    if (isWritten(field, decoded)) result[name] = decoded;
  }
  return result;
}

function decodeValue(type: FieldType, value: unknown, place: Place): unknown {
  switch (type.form) {
    case "any":
      return value;
    case "scalar":
      return decodeScalar(type, value, place);
    case "struct":
      if (!isJsonObject(value)) throw mismatch(value, `v1.${type.name}`, place);
      return decodeStruct(type, value, place);
    case "map": {
      if (!isJsonObject(value)) throw mismatch(value, goName(type), place);
      const { values } = type;
      const entries = Object.entries(value).map(([key, each]) => {
        // Messages name the map, not the key.
        const inner = { ...below(place, place.struct, key), plain: place.plain };
        return [key, decodeValue(values, each, inner)] as const;
      });
      return Object.fromEntries(entries);
    }
    case "list":
      if (!Array.isArray(value)) throw mismatch(value, goName(type), place);
      return value.map((item: unknown, i) =>
        decodeValue(type.items, item, { ...place, indexed: `${place.indexed}[${i}]` }),
      );
  }
}

const JAVASCRIPT_TYPES: Readonly<Record<string, readonly string[]>> = {
  string: ["string"],
  bytes: ["string"],
  time: ["string"],
  microTime: ["string"],
  int32: ["number"],
  int64: ["number"],
  float64: ["number"],
  bool: ["boolean"],
  quantity: ["string", "number"],
  intOrString: ["string", "number"],
};

function decodeScalar({ scalar }: ScalarType, value: unknown, place: Place): unknown {
  if (value === null) return scalar === "string" ? "" : value;
  const isWrong =
    !JAVASCRIPT_TYPES[scalar]?.includes(typeof value) ||
    ((scalar === "int32" || scalar === "int64") && !Number.isInteger(value));
  if (isWrong) throw mismatch(value, GO_NAMES[scalar] ?? scalar, place);
  if (scalar === "microTime") return decodeMicroTime(`${value as string}`, place);
  return scalar === "quantity" ? decodeQuantity(`${value as string | number}`, place) : value;
}

/** A time with exactly six digits after the point; 400 for any other. */
function decodeMicroTime(text: string, { what }: Place): string {
  const [, digits] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(.*)$/.exec(text) ?? [];
  if (digits !== undefined && /^\.\d{6}(Z|[+-]\d\d:\d\d)$/.test(digits)) return text;
  const [found, wanted] = digits === undefined ? [text, "2006"] : [digits, ".000000"];
  const form = "2006-01-02T15:04:05.000000Z07:00";
  throw badRequest(`${what}: parsing time "${text}" as "${form}": cannot parse "${found}" as "${wanted}"`);
}

/** A quantity as a text; 400 when it is none. */
function decodeQuantity(text: string, { what }: Place): string {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.test(text)) return text;
  throw badRequest(
    `${what}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
  );
}

/** Go writes no zero values where the field may be omitted and is no pointer. */
function isWritten(field: StructField, value: unknown): boolean {
  if (field.isAlwaysWritten || field.isPointer) return true;
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return field.type.form === "struct" || Object.keys(value).length > 0;
  return value !== "" && value !== 0 && value !== false;
}

const GO_NAMES: Readonly<Record<string, string>> = {
  bytes: "[]uint8",
  time: "v1.Time",
  microTime: "v1.MicroTime",
};

function goName(type: FieldType): string {
  switch (type.form) {
    case "any":
      return "interface {}";
    case "scalar":
      return GO_NAMES[type.scalar] ?? type.scalar;
    case "struct":
      return `v1.${type.name}`;
    case "map":
      return `map[string]${goName(type.values)}`;
    case "list":
      return `[]${goName(type.items)}`;
  }
}

function mismatch(value: unknown, goType: string, { what, struct, plain }: Place): Error {
  const found = Array.isArray(value)
    ? "array"
    : typeof value === "boolean"
      ? "bool"
      : typeof value === "number" && goType.startsWith("int")
        ? `number ${value}`
        : typeof value;
  return badRequest(
    `${what}: json: cannot unmarshal ${found} into Go struct field ${struct}.${plain} of type ${goType}`,
  );
}
