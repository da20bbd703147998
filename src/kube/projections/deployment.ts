// Deployments: raw JSON → WorkloadView.
import { ANNOTATIONS } from "../../api/group.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import { maskingFor } from "../masking/pod-masking.ts";
import {
  asInstant,
  asInteger,
  asName,
  asObject,
  asText,
  asTexts,
  metaOf,
  type RawObject,
} from "../objects.ts";
import { projectConditions } from "./condition.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { boundedText } from "./shared-text.ts";
import { templateKeys } from "./template.ts";

/** The Deployment as the decision sees it. */
export function projectDeployment(object: RawObject): WorkloadView {
  const meta = metaOf(object);
  const spec = asObject(object.spec);
  const status = asObject(object.status);
  const templateAnnotations = asTexts(asObject(asObject(spec.template).metadata).annotations);
  const veto = meta.annotations[ANNOTATIONS.veto] ?? templateAnnotations[ANNOTATIONS.veto];
  const mask = maskingFor(asObject(spec.template));
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
    veto: veto === undefined ? undefined : boundedText(mask(veto)),
    rolledBack: rolledBack(meta.annotations),
    conditions: projectConditions(status, mask),
  });
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

function rolledBack(annotations: Readonly<Record<string, string>>): WorkloadView["rolledBack"] {
  const incident = asName(annotations[ANNOTATIONS.incident]);
  const at = asInstant(annotations[ANNOTATIONS.rolledBackAt]);
  return incident === undefined || at === undefined ? undefined : { incident, at };
}
