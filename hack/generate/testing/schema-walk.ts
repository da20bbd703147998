// Walks through schemas, for comparing them.
import { z } from "zod";
import type { StructuralSchema } from "../structural-schema.ts";

/** Every schema inside `schema` with its path, such as `.spec.target.name`; `[]` stands for the items of a list. */
export function* walk(
  schema: StructuralSchema,
  path: string,
): Generator<{ readonly path: string; readonly schema: StructuralSchema }> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield { path: `${path}.${name}`, schema: property };
    yield* walk(property, `${path}.${name}`);
  }
  if (schema.items) {
    yield { path: `${path}[]`, schema: schema.items };
    yield* walk(schema.items, `${path}[]`);
  }
}

/** The paths of every field and list item of a zod schema, in the same form. */
export function* fieldsOfZod(schema: z.ZodType, path: string): Generator<string> {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    yield* fieldsOfZod(schema.unwrap() as z.ZodType, path);
  } else if (schema instanceof z.ZodObject) {
    for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) {
      yield `${path}.${name}`;
      yield* fieldsOfZod(field, `${path}.${name}`);
    }
  } else if (schema instanceof z.ZodArray) {
    yield `${path}[]`;
    yield* fieldsOfZod(schema.element as z.ZodType, `${path}[]`);
  }
}
