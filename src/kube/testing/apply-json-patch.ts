// For tests: applies a JSON Patch as an API server does, all of it or, with an error, nothing.
import type { JsonPatchOperation } from "../json-patch.ts";

type Container = Record<string, unknown>;

export function applyJsonPatch(object: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const result: unknown = structuredClone(object);
  for (const operation of operations) {
    const keys = operation.path
      .split("/")
      .slice(1)
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop() ?? "";
    const parent = keys.reduce((value, key) => childOf(value, key, operation), result) as Container;
    if (operation.op !== "add") childOf(parent, last, operation);
    if (operation.op === "remove") delete parent[last];
    else if (operation.op !== "test") parent[last] = structuredClone(operation.value);
    else if (JSON.stringify(parent[last]) !== JSON.stringify(operation.value)) {
      throw new Error(`testing ${operation.path} failed`);
    }
  }
  return result;
}

function childOf(value: unknown, key: string, { path }: JsonPatchOperation): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
    throw new Error(`there is no ${path}`);
  }
  return (value as Container)[key];
}
