// The rules of ConfigMaps and Secrets, in the API server's words.
import { type FieldError, invalid } from "../api-error.ts";
import { isSameJson, type KubeObject, type Texts } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { forbiddenField, tooLong, wrong } from "./field-errors.ts";
import { formatFaults } from "./name-validation.ts";

const MAX_BYTES = 1_024 * 1_024;

/** Refuses keys that are no file names, too much data, and changes of what is immutable. */
export function validateData(
  resource: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
): void {
  const faults: FieldError[] = [];
  let bytes = 0;
  for (const part of ["data", "binaryData"] as const) {
    for (const [key, value] of Object.entries((object[part] ?? {}) as Texts)) {
      faults.push(...formatFaults(`${part}[${key}]`, key, "configKey"));
      const isEncoded = part === "binaryData" || resource.kind === "Secret";
      bytes += isEncoded ? Buffer.byteLength(value, "base64") : Buffer.byteLength(value);
    }
  }
  if (bytes > MAX_BYTES) faults.push(tooLong(resource.kind === "Secret" ? "data" : "", MAX_BYTES));
  if (previous !== undefined) faults.push(...changeFaults(object, previous));
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}

function changeFaults(object: KubeObject, previous: KubeObject): FieldError[] {
  const faults: FieldError[] = [];
  if (previous["type"] !== object["type"]) faults.push(wrong("type", object["type"], "field is immutable"));
  if (previous["immutable"] !== true) return faults;
  const why = "field is immutable when `immutable` is set";
  if (object["immutable"] !== true) faults.push(forbiddenField("immutable", why));
  for (const part of ["data", "binaryData"] as const) {
    if (!isSameJson(object[part] ?? {}, previous[part] ?? {})) faults.push(forbiddenField(part, why));
  }
  return faults;
}
