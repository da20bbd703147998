// values.yaml with its comments, and values.schema.json, from the table of values.
import { isMap, parseDocument, type Scalar, stringify } from "yaml";
import { z } from "zod";
import { chartValues } from "./chart-values.ts";

/** A part of the schema of the values. */
export interface ValueSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
}

/** One value with the path that `--set` knows it by. */
export interface ChartValue {
  readonly path: string;
  readonly description: string;
  /** Undefined where it is not set. */
  readonly byDefault: unknown;
}

/** Refuses what is not in the table, so that a typo is found at the installation. In a draft that every Helm 3 reads. */
export function valuesSchema(): ValueSchema {
  return z.toJSONSchema(chartValues, { io: "input", target: "draft-7" }) as ValueSchema;
}

/** The text of values.yaml: each value with its default, below what it means. */
export function valuesFile(): string {
  const document = parseDocument(stringify(defaultsOf(valuesSchema())));
  comment(document.contents, valuesSchema());
  return `${document.toString({ lineWidth: 0 })}`;
}

/** Every single value. */
export function listValues(schema: ValueSchema = valuesSchema(), prefix = ""): readonly ChartValue[] {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== "global")
    .flatMap(([name, part]) => {
      const path = `${prefix}${name}`;
      if (part.properties !== undefined) return listValues(part, `${path}.`);
      return [{ path, description: part.description ?? "", byDefault: part.default }];
    });
}

function defaultsOf({ properties = {} }: ValueSchema): object {
  const entries = Object.entries(properties).flatMap(([name, part]) => {
    if (part.properties !== undefined) return [[name, defaultsOf(part)] as const];
    return part.default === undefined ? [] : [[name, part.default] as const];
  });
  return Object.fromEntries(entries);
}

function comment(node: unknown, { properties = {} }: ValueSchema): void {
  if (!isMap<Scalar<string>>(node)) return;
  for (const { key, value } of node.items) {
    const part = properties[key.value];
    if (part === undefined) continue;
    key.commentBefore = ` ${part.description}.`;
    comment(value, part);
  }
}
