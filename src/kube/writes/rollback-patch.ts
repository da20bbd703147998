// The rollback as a JSON Patch (design section 5). Pure: raw objects in, operations out.
import { ANNOTATIONS } from "../../api/group.ts";
import type { RollbackPlan } from "../../domain/decision.ts";
import { asObject, isObject, metaOf, optionalText, type RawObject } from "../objects.ts";
import { type JsonPatchOperation, jsonPointer } from "./json-patch.ts";

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
    { op: "test", path: "/metadata/uid", value: plan.deployment.uid },
    { op: "test", path: "/metadata/generation", value: plan.deployment.generation },
    { op: "replace", path: "/spec/template", value: templateOf(replicaSet) },
    ...annotationOperations(deployment, annotationsToSet(input)),
  ];
}

/** undefined: the annotation must go. */
type AnnotationsToSet = Readonly<Record<string, string | undefined>>;

function annotationsToSet({ plan, replicaSet, now }: RollbackPatchInput): AnnotationsToSet {
  return {
    [ANNOTATIONS.incident]: plan.incident,
    [ANNOTATIONS.rolledBackFrom]: plan.from.hash,
    [ANNOTATIONS.rolledBackAt]: new Date(now).toISOString(),
    [CHANGE_CAUSE]: optionalText(metaOf(replicaSet).annotations[CHANGE_CAUSE]),
  };
}

function annotationOperations(deployment: RawObject, wanted: AnnotationsToSet): JsonPatchOperation[] {
  const metadata = asObject(deployment.metadata);
  const current = metadata.annotations;
  if (!isObject(current)) {
    // Adding the whole map would overwrite one that somebody else adds at this moment. Kubernetes counts that as a
    // generation of a Deployment, which is nowhere promised.
    return [
      { op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
      { op: "add", path: "/metadata/annotations", value: withoutUndefined(wanted) },
    ];
  }
  return Object.entries(wanted).flatMap(([name, value]): JsonPatchOperation[] => {
    const path = jsonPointer("metadata", "annotations", name);
    if (value !== undefined) return [{ op: "add", path, value }];
    return Object.hasOwn(current, name) ? [{ op: "remove", path }] : [];
  });
}

function templateOf(replicaSet: RawObject): RawObject {
  const template = asObject(asObject(replicaSet.spec).template);
  if (!isObject(template.spec))
    throw new TypeError(`ReplicaSet ${metaOf(replicaSet).name} has no pod template`);
  const metadata = asObject(template.metadata);
  const { [TEMPLATE_HASH_LABEL]: _hash, ...labels } = asObject(metadata.labels);
  return { ...template, metadata: { ...metadata, labels } };
}

function withoutUndefined(wanted: AnnotationsToSet): Readonly<Record<string, string>> {
  const entries = Object.entries(wanted);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
