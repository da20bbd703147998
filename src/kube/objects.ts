// Objects as the API server sends them, and readers that take any JSON: a missing or wrong value becomes a default, never a throw.

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

/** Epoch ms of an RFC 3339 time, or undefined. */
export function asInstant(value: unknown): number | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
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
    uid: asText(metadata.uid),
    resourceVersion: asText(metadata.resourceVersion),
    generation: asInteger(metadata.generation),
    createdAt: asInstant(metadata.creationTimestamp) ?? 0,
    isDeleting: optionalText(metadata.deletionTimestamp) !== undefined,
    labels: asTexts(metadata.labels),
    annotations: asTexts(metadata.annotations),
    controller: controllerOf(metadata.ownerReferences),
  };
}

function controllerOf(owners: unknown): OwnerReference | undefined {
  for (const owner of asList(owners)) {
    const { kind, name, uid, controller } = asObject(owner);
    if (controller === true) return { kind: asText(kind), name: asText(name), uid: asText(uid) };
  }
  return undefined;
}
