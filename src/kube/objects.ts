// Objects as the API server sends them, and readers that take any JSON: a missing or wrong value becomes a default, never a throw.
import { LONGEST_UID } from "../api/longest-uid.ts";

/** An object of the API server, decoded and not yet trusted. Read it with the functions of this file. */
export type RawObject = Readonly<Record<string, unknown>>;

/** The part of `metadata` that RolloutGuard uses. */
export interface ObjectMeta {
  readonly name: string;
  /** Empty for an object without namespace. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** Epoch ms; 0 when unknown. */
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The owner that controls the object. */
  readonly controller?: OwnerReference | undefined;
}

/** The owner of an object, as its metadata names it. */
export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

const NO_FIELDS: RawObject = Object.freeze({});
const NO_TEXTS: Readonly<Record<string, string>> = Object.freeze({});
const NO_ITEMS: readonly unknown[] = Object.freeze([]);

/** The value when it is a JSON object, else an empty one. */
export function asObject(value: unknown): RawObject {
  return isObject(value) ? value : NO_FIELDS;
}

/** Whether the value is a JSON object, neither a list nor null. */
export function isObject(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value when it is a list, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** The value when it is a text, else the default. */
export function asText(value: unknown, byDefault = ""): string {
  return typeof value === "string" ? value : byDefault;
}

/** The value when it is a text that is not empty. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value when it is a whole number, else the default. */
export function asInteger(value: unknown, byDefault = 0): number {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : byDefault;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** Instants that can be written with a year of four digits, as Kubernetes writes them. */
const EARLIEST = Date.parse("0001-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** Epoch ms of an RFC 3339 time of the years 1 to 9999, or undefined. */
export function asInstant(value: unknown): number | undefined {
  // Date.parse alone takes "1" and "March" for dates.
  if (typeof value !== "string" || value.length > 64 || !RFC_3339.test(value)) return undefined;
  const at = Date.parse(value);
  return at >= EARLIEST && at <= LATEST ? at : undefined;
}

/** The entries whose values are texts. */
export function asTexts(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return NO_TEXTS;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return entries.length === 0 ? NO_TEXTS : Object.fromEntries(entries);
}

/** The object's metadata with a default for all that is missing. */
export function metaOf(object: unknown): ObjectMeta {
  const metadata = asObject(asObject(object).metadata);
  return {
    name: asText(metadata.name),
    namespace: asText(metadata.namespace),
    uid: asUid(metadata.uid),
    resourceVersion: asText(metadata.resourceVersion),
    generation: asInteger(metadata.generation),
    createdAt: asInstant(metadata.creationTimestamp) ?? 0,
    isDeleting: optionalText(metadata.deletionTimestamp) !== undefined,
    labels: asTexts(metadata.labels),
    annotations: asTexts(metadata.annotations),
    controller: controllerIn(metadata.ownerReferences),
  };
}

/** Longer than any name or uid: what claims to be one is none. */
const LONGEST_NAME = 253;

/** The value when it can be a name or a uid: a text that is neither empty nor longer than names may be. */
export function asName(value: unknown): string | undefined {
  const text = optionalText(value);
  return text === undefined || text.length > LONGEST_NAME ? undefined : text;
}

/** The owner that controls the object; the same as in its metadata, without reading the rest of that. */
export function controllerOf(object: RawObject): OwnerReference | undefined {
  return controllerIn(asObject(object.metadata).ownerReferences);
}

/** What is longer than Incidents may hold is none. */
function asUid(value: unknown): string {
  const text = asText(value);
  return text.length > LONGEST_UID ? "" : text;
}

function controllerIn(owners: unknown): OwnerReference | undefined {
  for (const owner of asList(owners)) {
    const { kind, name, uid, controller } = asObject(owner);
    if (controller !== true) continue;
    const named = { kind: asName(kind), name: asName(name), uid: asName(uid) };
    // The API server admits one controller; what cannot be read as one owns nothing.
    return named.kind && named.name && named.uid ? (named as OwnerReference) : undefined;
  }
  return undefined;
}
