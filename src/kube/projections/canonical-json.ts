// Identity by content: one text for all JSON values that the API server takes for equal, and a short hash of it.
import { hash } from "node:crypto";
import { isObject } from "../objects.ts";

/**
 * Fields that are maps or plain structs: for the API server an empty one equals an absent one. It is not so
 * for other fields: `emptyDir: {}` is a volume, and an empty label selector selects everything.
 */
const MAPS: ReadonlySet<string> = new Set([
  "annotations",
  "labels",
  "limits",
  "matchLabels",
  "metadata",
  "nodeSelector",
  "overhead",
  "requests",
  "resources",
  "volumeAttributes",
]);

/** Deeper than any Kubernetes object; what lies below is left out, so that no input can exhaust the stack. */
const DEEPEST = 200;

/** JSON with sorted keys, without nulls, empty lists and empty maps. */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

/** 96 bits: enough that no two templates of a cluster ever share them. */
const IDENTITY_BYTES = 12;

/** A short hash of the canonical JSON: equal for equal content. */
export function identityOf(value: unknown): string {
  const digest = hash("sha256", canonicalJson(value), "buffer");
  // A slice of the whole digest's text would keep that text alive as well.
  return digest.toString("base64url", 0, IDENTITY_BYTES);
}

function write(value: unknown, depth: number): string {
  if (depth > DEEPEST) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field === null || field === undefined) continue;
    const text = write(field, depth + 1);
    if (text === "[]" || (text === "{}" && MAPS.has(key))) continue;
    fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(",")}}`;
}
