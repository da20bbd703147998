// The checks of an object before it is stored: metadata for all kinds, then the rules of its own.
import { ApiError, type FieldError, invalid } from "../api-error.ts";
import type { KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { annotationFaults, formatFaults, labelFaults } from "../validation/name-validation.ts";
import type { WriteOptions } from "./write-options.ts";

/** Rules beyond those of the simulated API server: the faults of an object, which a real one refuses too. */
export type FurtherRules = (object: KubeObject) => readonly FieldError[];

/** Refuses with 422 an object that breaks a rule. What the simulated components write has proper metadata. */
export function validateObject(
  resource: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
  { client }: WriteOptions,
  further: FurtherRules | undefined,
): void {
  const faults = client === undefined ? [] : metadataFaults(resource, object, previous);
  try {
    resource.validate?.(object, previous);
  } catch (error) {
    if (faults.length === 0 || !(error instanceof ApiError)) throw error;
    faults.push(...((error.details?.causes ?? []) as FieldError[]));
  }
  if (
    faults.length === 0 &&
    client !== undefined &&
    (previous === undefined || object.spec !== previous.spec)
  ) {
    faults.push(...newFaults(object, previous, further));
  }
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}

/** What an object was stored with does not keep it from being changed. */
function newFaults(
  object: KubeObject,
  previous: KubeObject | undefined,
  further: FurtherRules = () => [],
): readonly FieldError[] {
  const found = further(object);
  if (found.length === 0 || previous === undefined) return found;
  const known = new Set(further(previous).map(({ field, message }) => `${field}: ${message}`));
  return found.filter(({ field, message }) => !known.has(`${field}: ${message}`));
}

/** Names are checked once, when the object is made. */
function metadataFaults(
  resource: ResourceDefinition,
  { metadata }: KubeObject,
  previous: KubeObject | undefined,
): FieldError[] {
  const { name, labels, annotations } = metadata;
  return [
    ...(previous === undefined ? nameFaults(resource, name) : []),
    ...labelFaults("metadata.labels", labels),
    ...annotationFaults("metadata.annotations", annotations),
  ];
}

function nameFaults({ id, group }: ResourceDefinition, name: string) {
  if (group === "rbac.authorization.k8s.io") return [];
  const format = id === "services" ? "dns1035" : id === "namespaces" ? "label" : "subdomain";
  return formatFaults("metadata.name", name, format);
}
