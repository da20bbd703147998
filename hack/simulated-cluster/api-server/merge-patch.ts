// JSON Merge Patch (RFC 7386) and Kubernetes' strategic variant, which merges known lists by key.
import { isJsonObject } from "./kube-object.ts";

/** The result of a merge patch: null removes, objects merge, everything else replaces. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const result: Record<string, unknown> = isJsonObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = applyMergePatch(result[field], value);
  }
  return result;
}

/** The keys by which Kubernetes' types merge lists; a list that is not named here is replaced. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  imagePullSecrets: ["name"],
  hostAliases: ["ip"],
  readinessGates: ["conditionType"],
  ownerReferences: ["uid"],
  conditions: ["type"],
  // A container's ports are merged by containerPort, a Service's by port.
  ports: ["containerPort", "port"],
};

/** Lists of plain values that are merged as sets. */
const MERGED_SETS = new Set(["finalizers"]);

/** The result of a strategic merge patch with its directives `$patch`, `$deleteFromPrimitiveList`, `$retainKeys`. */
export function applyStrategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  let result: Record<string, unknown> = isJsonObject(target) ? { ...target } : {};
  const retained = patch["$retainKeys"];
  if (Array.isArray(retained)) {
    result = Object.fromEntries(Object.entries(result).filter(([field]) => retained.includes(field)));
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith("$")) applyDirective(result, field, value);
    else if (value === null) delete result[field];
    else if (Array.isArray(value)) result[field] = mergeList(field, result[field], value);
    else if (isJsonObject(value) && value["$patch"] === "delete") delete result[field];
    else result[field] = applyStrategicMergePatch(result[field], value);
  }
  return result;
}

function applyDirective(result: Record<string, unknown>, directive: string, value: unknown): void {
  const [kind, field = ""] = directive.split("/");
  const list = result[field];
  if (kind === "$deleteFromPrimitiveList" && Array.isArray(list) && Array.isArray(value)) {
    result[field] = list.filter((item) => !value.includes(item));
  }
}

function mergeList(field: string, current: unknown, patch: readonly unknown[]): unknown {
  if (MERGED_SETS.has(field)) return [...new Set([...(Array.isArray(current) ? current : []), ...patch])];
  const key = MERGE_KEYS[field]?.find((name) =>
    patch.some((item) => isJsonObject(item) && item[name] !== undefined),
  );
  if (key === undefined || patch.some((item) => isJsonObject(item) && item["$patch"] === "replace")) {
    return patch.filter((item) => !(isJsonObject(item) && item["$patch"] === "replace"));
  }
  let result: unknown[] = Array.isArray(current) ? [...current] : [];
  for (const item of patch) {
    if (!isJsonObject(item)) continue;
    const index = result.findIndex((existing) => isJsonObject(existing) && existing[key] === item[key]);
    if (item["$patch"] === "delete") result = result.filter((_, i) => i !== index);
    else if (index === -1) result.push(withoutDirectives(item));
    else result[index] = applyStrategicMergePatch(result[index], item);
  }
  return result;
}

function withoutDirectives(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !field.startsWith("$")));
}
