// What `kubectl explain` says of a field that users write: its description, then its form and its default.
import type { StructuralSchema } from "./structural-schema.ts";

/** The schema with form and default of each field of `spec` in its description, where `kubectl explain` shows them. */
export function explainedSchema(schema: StructuralSchema): StructuralSchema {
  const spec = schema.properties?.["spec"];
  return spec === undefined
    ? schema
    : { ...schema, properties: { ...schema.properties, spec: explained(spec) } };
}

function explained(field: StructuralSchema): StructuralSchema {
  const { description, items, properties } = field;
  return {
    ...field,
    ...(description !== undefined && { description: [description, ...hints(field)].join(" ") }),
    ...(items !== undefined && { items: explained(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, explained(one)])),
    }),
  };
}

/** Sentences. Which words an enum takes kubectl lists already. */
function hints(field: StructuralSchema): readonly string[] {
  const { type, minimum, maximum, default: byDefault } = field;
  if (type === "object" || type === "array") return [];
  const [form] = (field["x-kubernetes-validations"] ?? []).map(({ message }) => message);
  return [
    ...(form?.startsWith("must be ") ? [`${capital(form)}.`] : []),
    ...(minimum !== undefined && maximum !== undefined ? [`Must be from ${minimum} to ${maximum}.`] : []),
    ...(byDefault === undefined
      ? []
      : [`Default: ${typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault)}.`]),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
