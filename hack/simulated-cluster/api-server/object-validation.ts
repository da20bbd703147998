// The checks of an object before it is stored: metadata for all kinds, then the rules of its own.
import { invalid } from "./api-error.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { annotationFaults, formatFaults, labelFaults } from "./validation/name-validation.ts";
import type { WriteOptions } from "./write-options.ts";

/** Refuses with 422 an object that breaks a rule. What the simulated components write has proper metadata. */
export function validateObject(
  resource: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
  { client }: WriteOptions,
): void {
  if (client !== undefined) validateMetadata(resource, object, previous);
  resource.validate?.(object, previous);
}

/** Names are checked once, when the object is made. */
function validateMetadata(
  resource: ResourceDefinition,
  { metadata }: KubeObject,
  previous: KubeObject | undefined,
): void {
  const { name, labels, annotations } = metadata;
  const faults = [
    ...(previous === undefined ? nameFaults(resource, name) : []),
    ...labelFaults("metadata.labels", labels),
    ...annotationFaults("metadata.annotations", annotations),
  ];
  if (faults.length > 0) throw invalid(resource, name, faults);
}

function nameFaults({ id, group }: ResourceDefinition, name: string) {
  if (group === "rbac.authorization.k8s.io") return [];
  const format = id === "services" ? "dns1035" : id === "namespaces" ? "label" : "subdomain";
  return formatFaults("metadata.name", name, format);
}
