// Reading a status that somebody may have spoiled: field by field, so that one bad field costs only itself.
import { z } from "zod";
import { plainText } from "../../domain/plain-text.ts";
import { asObject, isObject } from "../objects.ts";

/** What was read, and the names of the fields that were not what the shape says, wholly or in part. */
export interface ParsedFields {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly spoiled: readonly string[];
}

/** The fields of `raw` that are what the shape says. Of a list, the items that are. */
export function parseFields(shape: Readonly<Record<string, z.ZodType>>, raw: unknown): ParsedFields {
  const source = asObject(raw);
  const fields: Record<string, unknown> = {};
  const spoiled: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    if (!Object.hasOwn(source, name) || source[name] === null) continue;
    const whole = schema.safeParse(source[name]);
    if (!whole.success) spoiled.push(name);
    const value = whole.success ? whole.data : validItems(schema, source[name]);
    if (value !== undefined) fields[name] = withPlainTexts(value);
  }
  return { fields, spoiled };
}

/** What is read is written back one day, and shown to people. The schema has no deeper nesting than this follows. */
function withPlainTexts(value: unknown): unknown {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) return value.map(withPlainTexts);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withPlainTexts(member)]));
}

function validItems(schema: z.ZodType, value: unknown): unknown {
  const list = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(list instanceof z.ZodArray) || !Array.isArray(value)) return undefined;
  const item = list.element as z.ZodType;
  const items = value.flatMap((candidate) => {
    const parsed = item.safeParse(candidate);
    return parsed.success ? [parsed.data] : [];
  });
  // A list that is longer than allowed keeps its beginning; where that does not help, it is dropped.
  for (const length of [items.length, 30, 8]) {
    const part = schema.safeParse(items.slice(0, length));
    if (part.success) return part.data;
  }
  return undefined;
}
