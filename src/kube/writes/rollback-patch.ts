// The rollback as a JSON Patch (design section 5). Pure: raw objects in, operations out.
import { ANNOTATIONS } from "../../api/group.ts";
import type { RollbackPlan } from "../../domain/decision.ts";
import type { JsonPatchOperation } from "../json-patch.ts";
import { asObject, isObject, metaOf, optionalText, type RawObject } from "../objects.ts";
import { type AnnotationsToSet, annotationOperations } from "./annotation-operations.ts";

/** What `kubectl rollout history` shows as the reason of a revision. */
const CHANGE_CAUSE = "kubernetes.io/change-cause";
const TEMPLATE_HASH_LABEL = "pod-template-hash";

export interface RollbackPatchInput {
  readonly plan: RollbackPlan;
  /** The Deployment as it was read just now. */
  readonly deployment: RawObject;
  /** The ReplicaSet of the revision to restore, as it was read just now. */
  readonly replicaSet: RawObject;
  /** Epoch ms, for the annotation that tells when. */
  readonly now: number;
}

/**
 * The patch applies only to the very Deployment and generation that were judged; otherwise the API server answers
 * 422 and changes nothing. It replaces the pod template by that of the ReplicaSet, byte for byte but for
 * pod-template-hash, and touches no annotation but RolloutGuard's own and change-cause, which becomes that of the
 * restored revision (`kubectl rollout undo` would throw away everybody else's).
 */
export function buildRollbackPatch(input: RollbackPatchInput): JsonPatchOperation[] {
  const { plan, deployment, replicaSet } = input;
  return [
    { op: "test", path: "/metadata/uid", value: plan.workload.uid },
    { op: "test", path: "/metadata/generation", value: plan.workload.generation },
    { op: "replace", path: "/spec/template", value: templateOf(replicaSet) },
    ...annotationOperations(deployment, annotationsToSet(input)),
  ];
}

function annotationsToSet({ plan, replicaSet, now }: RollbackPatchInput): AnnotationsToSet {
  return {
    [ANNOTATIONS.incident]: plan.incident,
    [ANNOTATIONS.rolledBackFrom]: plan.from.hash,
    [ANNOTATIONS.rolledBackAt]: new Date(now).toISOString(),
    [CHANGE_CAUSE]: optionalText(metaOf(replicaSet).annotations[CHANGE_CAUSE]),
  };
}

function templateOf(replicaSet: RawObject): RawObject {
  const template = asObject(asObject(replicaSet.spec).template);
  if (!isObject(template.spec))
    throw new TypeError(`ReplicaSet ${metaOf(replicaSet).name} has no pod template`);
  const metadata = asObject(template.metadata);
  const { [TEMPLATE_HASH_LABEL]: _hash, ...labels } = asObject(metadata.labels);
  return { ...template, metadata: { ...metadata, labels } };
}
