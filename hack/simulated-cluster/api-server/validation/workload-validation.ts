// The rules of Deployments and ReplicaSets that a wrong manifest runs into, in the API server's words.
import { type FieldError, invalid } from "../api-error.ts";
import type { Deployment, LabelSelector } from "../kinds.ts";
import { isSameJson, type KubeObject } from "../kube-object.ts";
import { matchesSelector } from "../label-selector.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { forbiddenField, negative, required, unsupported, wrong } from "./field-errors.ts";
import { annotationFaults, labelFaults } from "./name-validation.ts";
import { podSpecFaults } from "./pod-validation.ts";

const LABELS = "spec.template.metadata.labels";

function workloadFaults(object: KubeObject, previous: KubeObject | undefined): FieldError[] {
  const { replicas, minReadySeconds, selector, template } = object.spec as Deployment["spec"];
  const labels = template.metadata?.labels ?? {};
  const faults: FieldError[] = [
    ...negative("spec.replicas", replicas),
    ...negative("spec.minReadySeconds", minReadySeconds),
  ];
  const unmatched = wrong(LABELS, labels, "`selector` does not match template `labels`");
  // A selector that is not there selects nothing.
  if (selector === undefined) faults.push(required("spec.selector"), unmatched);
  else if (isEmptySelector(selector)) {
    const kind = object.kind === "Deployment" ? "deployment" : "replicaset";
    faults.push(wrong("spec.selector", selector, `empty selector is invalid for ${kind}`));
  } else if (!matchesSelector(selector, labels)) {
    faults.push(unmatched);
  }
  const before = previous?.spec as Deployment["spec"] | undefined;
  if (before !== undefined && !isSameJson(before.selector, selector)) {
    faults.push(wrong("spec.selector", selector, "field is immutable"));
  }
  if (template === before?.template) return faults;
  const podSpec = template.spec;
  return [
    ...faults,
    ...labelFaults(LABELS, labels),
    ...annotationFaults("spec.template.annotations", template.metadata?.annotations),
    ...podSpecFaults(podSpec, "spec.template.spec"),
    ...(podSpec.restartPolicy === "Never" || podSpec.restartPolicy === "OnFailure"
      ? unsupported("spec.template.spec.restartPolicy", podSpec.restartPolicy, ["Always"])
      : []),
  ];
}

function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function strategyFaults({ strategy }: Deployment["spec"]): FieldError[] {
  const { type, rollingUpdate } = strategy;
  const path = "spec.strategy.rollingUpdate";
  if (type === "Recreate" && rollingUpdate !== undefined) {
    return [forbiddenField(path, "may not be specified when strategy `type` is 'Recreate'")];
  }
  const types = ["Recreate", "RollingUpdate"];
  const shown = { Type: type, RollingUpdate: rollingUpdate ?? null };
  const faults = types.includes(type) ? [] : unsupported("spec.strategy", shown, types);
  for (const [field, value] of Object.entries(rollingUpdate ?? {})) {
    if (typeof value === "number") faults.push(...negative(`${path}.${field}`, value));
    else if (!/^\d+%$/.test(value)) {
      const why =
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
      faults.push(wrong(`${path}.${field}`, value, why));
    } else if (field === "maxUnavailable" && Number.parseInt(value, 10) > 100) {
      faults.push(wrong(`${path}.${field}`, value, "must not be greater than 100%"));
    }
  }
  const isNothing = (value: number | string | undefined) => value === 0 || value === "0%";
  if (isNothing(rollingUpdate?.maxUnavailable) && isNothing(rollingUpdate?.maxSurge)) {
    const why = "may not be 0 when `maxSurge` is 0";
    faults.push(wrong(`${path}.maxUnavailable`, rollingUpdate?.maxUnavailable, why));
  }
  return faults;
}

function deploymentFaults(spec: Deployment["spec"]): FieldError[] {
  const { progressDeadlineSeconds, revisionHistoryLimit, minReadySeconds = 0 } = spec;
  const faults = [...strategyFaults(spec), ...negative("spec.revisionHistoryLimit", revisionHistoryLimit)];
  const field = "spec.progressDeadlineSeconds";
  faults.push(...negative(field, progressDeadlineSeconds));
  if (progressDeadlineSeconds <= minReadySeconds) {
    faults.push(wrong(field, progressDeadlineSeconds, "must be greater than minReadySeconds"));
  }
  return faults;
}

/** Refuses a Deployment or ReplicaSet that cannot work. */
export function validateWorkload(
  resource: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
): void {
  const faults = workloadFaults(object, previous);
  if (resource.id === "deployments") faults.push(...deploymentFaults(object.spec as Deployment["spec"]));
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}
