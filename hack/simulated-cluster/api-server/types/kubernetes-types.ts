// Kubernetes' own types by name, read from the table beside this file.
import { readFileSync } from "node:fs";
import { ANY, type FieldType, type ScalarName, type StructField, type StructType } from "./field-type.ts";

const PACKAGES: Readonly<Record<string, string>> = {
  "": "core",
  apps: "apps",
  autoscaling: "autoscaling",
  policy: "policy",
  "networking.k8s.io": "networking",
  "authorization.k8s.io": "authorization",
  "discovery.k8s.io": "discovery",
  "coordination.k8s.io": "coordination",
  "rbac.authorization.k8s.io": "rbac",
  "apiextensions.k8s.io": "apiextensions",
  "meta.k8s.io": "meta",
};

const SCALARS = new Set(
  "string int32 int64 bool float64 bytes quantity intOrString time microTime".split(" "),
);

const lines = readTable();
const known = new Map<string, StructType>();

/** The type of a built-in kind, or undefined when the table has none. */
export function typeOfKind(group: string, kind: string): StructType | undefined {
  const name = `${PACKAGES[group] ?? group}.${kind}`;
  return lines.has(name) ? structNamed(name) : undefined;
}

/** The type of an object's metadata, the same for all kinds. */
export function metadataType(): StructType {
  return structNamed("meta.ObjectMeta");
}

function readTable(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL("kubernetes-types.txt", import.meta.url), "utf8");
  const result = new Map<string, string>();
  for (const line of text.split("\n")) {
    const name = /^[a-z]+\.\w+/.exec(line)?.[0];
    if (name !== undefined) result.set(name, line);
  }
  return result;
}

function structNamed(name: string): StructType {
  const found = known.get(name);
  if (found !== undefined) return found;
  const line = lines.get(name);
  if (line === undefined) throw new Error(`The table of types has no ${name}.`);
  const fields = new Map<string, StructField>();
  const numbered = new Map<number, StructField>();
  const [head = "", body = ""] = line.split(/: (.*)/);
  const struct: StructType = {
    form: "struct",
    name: name.slice(name.indexOf(".") + 1),
    isAtomic: head.endsWith(" atomic"),
    fields,
    numbered,
  };
  // Types refer to themselves, so the struct is known before its fields are.
  known.set(name, struct);
  for (const text of body.split("; ")) {
    const field = readField(text);
    numbered.set(field.number, field);
    if (!field.isInline) fields.set(field.name, field);
    else if (field.type.form === "struct") {
      for (const inner of field.type.fields.values()) fields.set(inner.name, inner);
    }
  }
  return struct;
}

function readField(text: string): StructField {
  const [name = "", number = "0", kind = "", ...attributes] = text.split(" ");
  const merge = attributes.find((each) => each.startsWith("merge"));
  const mergeKey = merge === undefined ? undefined : argumentsOf(merge)[0];
  return {
    name,
    number: Number(number),
    type: readKind(kind.replace(/^\*/, ""), attributes),
    isPointer: kind.startsWith("*"),
    isAlwaysWritten: attributes.includes("always"),
    isInline: attributes.includes("inline"),
    patch: { isMerged: merge !== undefined, mergeKey },
  };
}

function readKind(kind: string, attributes: readonly string[]): FieldType {
  if (kind.startsWith("[]")) {
    const items = readKind(kind.slice(2).replace(/^\*/, ""), []);
    const byKeys = attributes.find((each) => each.startsWith("map("));
    const keys = byKeys === undefined ? [] : argumentsOf(byKeys);
    const merge = keys.length > 0 ? "keys" : attributes.includes("set") ? "set" : "atomic";
    return { form: "list", merge, keys, items };
  }
  if (kind.startsWith("map:")) {
    const values = readKind(kind.slice("map:".length), []);
    return { form: "map", isAtomic: attributes.includes("atomic"), values };
  }
  if (kind === "any") return ANY;
  if (SCALARS.has(kind)) return { form: "scalar", scalar: kind as ScalarName };
  const struct = structNamed(kind);
  return attributes.includes("atomic") && !struct.isAtomic ? { ...struct, isAtomic: true } : struct;
}

function argumentsOf(attribute: string): string[] {
  return /\((.*)\)/.exec(attribute)?.[1]?.split(",") ?? [];
}
