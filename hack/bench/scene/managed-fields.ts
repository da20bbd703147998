// metadata.managedFields as an API server keeps them: who set which field. They are a third of a real object's JSON.
import { isJsonObject } from "@rolloutguard/simulated-cluster/objects";

/** One entry: the manager that set these parts of the object. */
export function managedBy(
  manager: string,
  apiVersion: string,
  time: string,
  parts: Readonly<Record<string, unknown>>,
  subresource?: "status",
) {
  return {
    manager,
    operation: "Update",
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: fieldsOf(parts),
    ...(subresource && { subresource }),
  };
}

/** Lists that the API's types treat as one value. */
const ATOMIC = new Set(["containerStatuses", "tolerations", "args"]);

/** The fields of a value in the notation FieldsV1: members as "f:name", items of keyed lists by their key. */
function fieldsOf(value: unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  if (Array.isArray(value)) {
    for (const item of value) {
      const key = isJsonObject(item) ? keyOf(item) : undefined;
      if (key === undefined) return {};
      fields[`k:${JSON.stringify(key)}`] = { ".": {}, ...fieldsOf(item) };
    }
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) fields[`f:${name}`] = ATOMIC.has(name) ? {} : fieldsOf(member);
    }
  }
  return fields;
}

/** What tells the items of a list apart: its merge key in the API's types. */
function keyOf(item: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  for (const key of ["name", "type", "uid", "ip", "containerPort", "key"]) {
    if (item[key] !== undefined) return { [key]: item[key] };
  }
  return undefined;
}
