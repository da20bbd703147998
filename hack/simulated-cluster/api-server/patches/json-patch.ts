// JSON Patch (RFC 6902) as the API server has it: what is not there cannot be removed or tested away. Unlike the RFC, a
// `replace` adds a member that is missing.
import { type ApiError, badRequest, patchTestFailed } from "../api-error.ts";
import { isJsonObject, isSameJson } from "../kube-object.ts";

/** Applies the operations in order to a copy. A failed `test` is a 422, a malformed patch a 400. */
export function applyJsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    );
  }
  return operations.reduce(applyOperation, target);
}

function applyOperation(target: unknown, operation: unknown): unknown {
  if (!isJsonObject(operation) || typeof operation["path"] !== "string") {
    throw badRequest("error decoding patch: an operation needs an op and a path");
  }
  const path = parsePointer(operation["path"]);
  switch (operation["op"]) {
    case "test": {
      const actual = find(target, path);
      if (actual === undefined && !isJsonObject(find(target, path.slice(0, -1)))) throw rejected();
      if (!isSameJson(actual ?? null, operation["value"] ?? null)) throw patchTestFailed();
      return target;
    }
    case "add":
      return write(target, path, operation["value"], "add");
    case "replace":
      return write(target, path, operation["value"], "replace");
    case "remove":
      return write(target, path, undefined, "remove");
    case "move":
    case "copy": {
      const from = parsePointer(String(operation["from"]));
      const value = find(target, from);
      if (value === undefined) throw rejected();
      const rest = operation["op"] === "move" ? write(target, from, undefined, "remove") : target;
      return write(rest, path, value, "add");
    }
    default:
      throw rejected();
  }
}

function parsePointer(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function find(target: unknown, path: readonly string[]): unknown {
  let current = target;
  for (const part of path) {
    if (Array.isArray(current)) current = current[Number(part)];
    else current = isJsonObject(current) ? current[part] : undefined;
  }
  return current;
}

function write(
  target: unknown,
  path: readonly string[],
  value: unknown,
  mode: "add" | "replace" | "remove",
): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(target)) {
    const copy: unknown[] = [...target];
    const index = part === "-" ? copy.length : Number(part);
    if (!Number.isInteger(index) || index < 0 || index > copy.length) throw rejected();
    if (rest.length > 0) {
      if (index === copy.length) throw rejected();
      copy[index] = write(copy[index], rest, value, mode);
    } else if (mode === "add") copy.splice(index, 0, value);
    else if (index === copy.length) throw rejected();
    else if (mode === "remove") copy.splice(index, 1);
    else copy[index] = value;
    return copy;
  }
  if (!isJsonObject(target)) throw rejected();
  const exists = target[part] !== undefined;
  if (!exists && (rest.length > 0 || mode === "remove")) throw rejected();
  if (rest.length > 0) return { ...target, [part]: write(target[part], rest, value, mode) };
  if (mode !== "remove") return { ...target, [part]: value };
  const { [part]: _removed, ...kept } = target;
  return kept;
}

function rejected(): ApiError {
  return patchTestFailed();
}
