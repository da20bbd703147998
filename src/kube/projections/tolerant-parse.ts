// Reading a status that somebody may have spoiled: field by field, so that one bad field costs only itself.
import { z } from "zod";
import { asObject } from "../objects.ts";

/** The fields of `raw` that are what the shape says. Of a list, the items that are. */
export function parseFields(
  shape: Readonly<Record<string, z.ZodType>>,
  raw: unknown,
): Record<string, unknown> {
  const source = asObject(raw);
  const fields: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    if (!Object.hasOwn(source, name) || source[name] === null) continue;
    const value = parseField(schema, source[name]);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

function parseField(schema: z.ZodType, value: unknown): unknown {
  const whole = schema.safeParse(value);
  if (whole.success) return whole.data;
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
