// Bodies in Kubernetes' protobuf, which newer kubectl sends for some commands, as the JSON that they stand for.
import { ApiError, badRequest } from "../../api-error.ts";
import type { FieldType, ScalarType, StructField, StructType } from "../../types/field-type.ts";
import { typeOfKind } from "../../types/kubernetes-types.ts";
import { readFields, type WireField } from "./wire-format.ts";

type Value = WireField["value"];

/** What every such body begins with. */
const MAGIC = Buffer.from("k8s\0");

/** The object in a body, with its kind and apiVersion. 400 for what is none, 415 for a kind that is not known. */
export function decodeProtobuf(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (Buffer.compare(body.subarray(0, MAGIC.length), MAGIC) !== 0) {
    throw badRequest("the body does not begin as Kubernetes' protobuf does");
  }
  let typeMeta = { apiVersion: "", kind: "" };
  let raw: Uint8Array = new Uint8Array();
  for (const { number, value } of readFields(body.subarray(MAGIC.length))) {
    if (number === 1) typeMeta = readTypeMeta(bytesOf(value));
    if (number === 2) raw = bytesOf(value);
  }
  const { apiVersion, kind } = typeMeta;
  const type = typeOf(apiVersion, kind);
  if (type === undefined) {
    throw new ApiError(
      415,
      "UnsupportedMediaType",
      `the simulated cluster reads ${apiVersion} ${kind} as JSON or YAML only`,
      {},
    );
  }
  return { kind, apiVersion, ...decodeMessage(type, raw) };
}

/** Options such as DeleteOptions belong to every group. */
function typeOf(apiVersion: string, kind: string): StructType | undefined {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return typeOfKind(group, kind) ?? (kind.endsWith("Options") ? typeOfKind("meta.k8s.io", kind) : undefined);
}

function readTypeMeta(bytes: Uint8Array): { apiVersion: string; kind: string } {
  const parts = partsOf(bytes);
  const text = (number: number) => textOf(parts.get(number) ?? new Uint8Array());
  return { apiVersion: text(1), kind: text(2) };
}

function decodeMessage(type: StructType, bytes: Uint8Array): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { number, value } of readFields(bytes)) {
    const field = type.numbered.get(number);
    if (field === undefined) continue;
    const decoded = decodeField(field.type, value, result[field.name]);
    if (field.isInline) Object.assign(result, decoded);
    else if (isWritten(field, decoded)) result[field.name] = decoded;
  }
  return result;
}

/** Go sends zero values, too, where they mean "absent"; only pointers can say zero. */
function isWritten(field: StructField, value: unknown): boolean {
  return field.isPointer || (value !== "" && value !== 0 && value !== false && value !== null);
}

function decodeField(type: FieldType, value: Value, before: unknown): unknown {
  switch (type.form) {
    case "any":
      return decodeJson(bytesOf(value));
    case "scalar":
      return decodeScalar(type, value);
    case "struct":
      return decodeMessage(type, bytesOf(value));
    case "list": {
      const items: readonly unknown[] = Array.isArray(before) ? before : [];
      return [...items, decodeField(type.items, value, undefined)];
    }
    case "map": {
      const [key, item] = decodeEntry(type.values, bytesOf(value));
      return { ...(before as Record<string, unknown> | undefined), [key]: item };
    }
  }
}

function decodeEntry(type: FieldType, bytes: Uint8Array): [string, unknown] {
  let key = "";
  let item: unknown = "";
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) key = textOf(value);
    // A list as a value of a map is a message of its own, with the items as its only field.
    else if (type.form === "list") {
      item = [...readFields(bytesOf(value))].map((each) => decodeField(type.items, each.value, undefined));
    } else item = decodeField(type, value, undefined);
  }
  return [key, item];
}

function decodeScalar({ scalar }: ScalarType, value: Value): unknown {
  switch (scalar) {
    case "string":
      return textOf(value);
    case "bytes":
      return Buffer.from(bytesOf(value)).toString("base64");
    case "bool":
      return value !== 0n;
    case "int32":
    case "int64":
      return Number(value);
    case "float64":
      return Buffer.from(bytesOf(value)).readDoubleLE();
    case "quantity":
      return textOf(partsOf(value).get(1) ?? new Uint8Array());
    case "intOrString": {
      const parts = partsOf(value);
      return parts.get(1) === 1n ? textOf(parts.get(3) ?? new Uint8Array()) : Number(parts.get(2) ?? 0n);
    }
    case "time":
    case "microTime":
      return decodeTime(partsOf(value), scalar === "microTime");
  }
}

/** Go's zero time lies before 1970 or has no seconds at all; JSON shows it as null. */
function decodeTime(parts: ReadonlyMap<number, Value>, isMicro: boolean): string | null {
  const seconds = Number(parts.get(1) ?? 0n);
  if (seconds <= 0) return null;
  const text = new Date(seconds * 1_000).toISOString().slice(0, 19);
  const micros = String(Math.floor(Number(parts.get(2) ?? 0n) / 1_000)).padStart(6, "0");
  return isMicro ? `${text}.${micros}Z` : `${text}Z`;
}

function decodeJson(bytes: Uint8Array): unknown {
  const raw = partsOf(bytes).get(1);
  return raw === undefined ? {} : (JSON.parse(textOf(raw)) as unknown);
}

function partsOf(value: Value): ReadonlyMap<number, Value> {
  return new Map([...readFields(bytesOf(value))].map((field) => [field.number, field.value]));
}

function bytesOf(value: Value): Uint8Array {
  if (typeof value === "bigint") throw badRequest("the body has a number where a message should be");
  return value;
}

function textOf(value: Value): string {
  return Buffer.from(bytesOf(value)).toString("utf8");
}
