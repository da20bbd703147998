// Deployments: raw JSON → WorkloadView.
import type { WorkloadView } from "../../../domain/snapshot/workload.ts";
import { blocksNextApply } from "../../field-owners/hand-over.ts";
import { maskingFor } from "../../masking/pod-masking.ts";
import { asInteger, asObject, asText, metaOf, type ObjectMeta, type RawObject } from "../../objects.ts";
import { projectConditions } from "../../projections/condition.ts";
import { deepFreeze } from "../../projections/deep-freeze.ts";
import { sharedText } from "../../projections/shared-text.ts";
import { templateKeys } from "../../projections/template.ts";
import { clientSideHelmRelease } from "../helm-release.ts";
import { projectOwnAnnotations } from "../own-annotations.ts";
import { templateManagersOf } from "../template-managers.ts";
import { revisionNumber } from "./revision-number.ts";

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
    maxUnavailable: maxUnavailableOf(spec),
    minReadySeconds: asInteger(spec.minReadySeconds),
    progressDeadlineSeconds: asInteger(spec.progressDeadlineSeconds, 600),
    desiredReplicas: asInteger(spec.replicas, 1),
    replicas: asInteger(status.replicas),
    updatedReplicas: asInteger(status.updatedReplicas),
    readyReplicas: asInteger(status.readyReplicas),
    availableReplicas: asInteger(status.availableReplicas),
    templateKey: templateKeys(spec.template).templateKey,
    templateManagers: templateManagersOf(object),
    owner: ownerIn(meta),
    revision: revisionNumber(meta.annotations),
    ...projectOwnAnnotations(meta.annotations, template, mask),
    ...(blocksNextApply(object) && { blocksNextApply: true }),
    helmRelease: clientSideHelmRelease(object),
    conditions: projectConditions(status, mask),
  });
}

function ownerIn({ controller }: ObjectMeta): WorkloadView["owner"] {
  return controller && { kind: sharedText(controller.kind), name: sharedText(controller.name) };
}

/** As the Deployment controller resolves it: percentages of the desired pods, rounded down; a quarter by default. */
function maxUnavailableOf(spec: RawObject): number {
  const desired = asInteger(spec.replicas, 1);
  const strategy = asObject(spec.strategy);
  if (strategy.type === "Recreate") return desired;
  const { maxUnavailable = "25%" } = asObject(strategy.rollingUpdate);
  const percent = /^(\d{1,3})%$/.exec(asText(maxUnavailable))?.[1];
  const count =
    percent === undefined ? asInteger(maxUnavailable) : Math.floor((desired * Number(percent)) / 100);
  return Math.min(Math.max(0, count), desired);
}
