// The few rules of built-in kinds that a wrong manifest runs into, in the API server's words.
import { type FieldError, invalid } from "./api-error.ts";
import type { Deployment, PodSpec, PodTemplate } from "./kinds.ts";
import { isSameJson, type KubeObject } from "./kube-object.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { matchesSelector } from "./selectors.ts";

const required = (field: string, message = "Required value"): FieldError => ({
  field,
  reason: "FieldValueRequired",
  message,
});

const wrong = (field: string, value: unknown, why: string): FieldError => ({
  field,
  reason: "FieldValueInvalid",
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
});

function podSpecFaults(spec: PodSpec | undefined, path: string): FieldError[] {
  const faults: FieldError[] = [];
  if ((spec?.containers ?? []).length === 0) faults.push(required(`${path}.containers`));
  spec?.containers.forEach((container, i) => {
    if (!container.name) faults.push(required(`${path}.containers[${i}].name`));
    if (!container.image) faults.push(required(`${path}.containers[${i}].image`));
  });
  return faults;
}

function workloadFaults(object: KubeObject, previous: KubeObject | undefined): FieldError[] {
  const { replicas, selector, template } = object.spec as Deployment["spec"];
  const faults: FieldError[] = [];
  if (replicas < 0) faults.push(wrong("spec.replicas", replicas, "must be greater than or equal to 0"));
  if (selector === undefined) faults.push(required("spec.selector"));
  else if (!matchesSelector(selector, template.metadata?.labels)) {
    const labels = template.metadata?.labels ?? {};
    faults.push(
      wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"),
    );
  }
  const before = previous?.spec as Deployment["spec"] | undefined;
  if (before !== undefined && !isSameJson(before.selector, selector)) {
    faults.push(wrong("spec.selector", selector, "field is immutable"));
  }
  faults.push(...podSpecFaults((template as PodTemplate | undefined)?.spec, "spec.template.spec"));
  return faults;
}

/** Refuses a Deployment or ReplicaSet whose selector, template or count cannot work. */
export function validateWorkload(
  resource: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
): void {
  const faults = workloadFaults(object, previous);
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}

/** Refuses a Pod without containers. */
export function validatePod(resource: ResourceDefinition, object: KubeObject): void {
  const faults = podSpecFaults(object.spec as PodSpec | undefined, "spec");
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}
