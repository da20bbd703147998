// Deployments: raw JSON → WorkloadView.
import type { WorkloadView } from "../../../domain/snapshot/workload.ts";
import { maskingFor } from "../../masking/pod-masking.ts";
import { asInteger, asObject, metaOf, type RawObject } from "../../objects.ts";
import { projectConditions } from "../../projections/condition.ts";
import { deepFreeze } from "../../projections/deep-freeze.ts";
import { templateKeys } from "../../projections/template.ts";
import { projectOwnAnnotations } from "../own-annotations.ts";

/** The Deployment as the decision sees it. */
export function projectDeployment(object: RawObject): WorkloadView {
  const meta = metaOf(object);
  const spec = asObject(object.spec);
  const status = asObject(object.status);
  const template = asObject(spec.template);
  const mask = maskingFor(template);
  return deepFreeze({
    kind: "Deployment",
    name: meta.name,
    uid: meta.uid,
    generation: meta.generation,
    observedGeneration: asInteger(status.observedGeneration),
    createdAt: meta.createdAt,
    isDeleting: meta.isDeleting,
    isPaused: spec.paused === true,
    strategy: asObject(spec.strategy).type === "Recreate" ? "Recreate" : "RollingUpdate",
    minReadySeconds: asInteger(spec.minReadySeconds),
    progressDeadlineSeconds: asInteger(spec.progressDeadlineSeconds, 600),
    desiredReplicas: asInteger(spec.replicas, 1),
    replicas: asInteger(status.replicas),
    updatedReplicas: asInteger(status.updatedReplicas),
    readyReplicas: asInteger(status.readyReplicas),
    availableReplicas: asInteger(status.availableReplicas),
    templateKey: templateKeys(spec.template).templateKey,
    ...projectOwnAnnotations(meta.annotations, template, mask),
    conditions: projectConditions(status, mask),
  });
}
