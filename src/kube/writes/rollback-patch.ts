// The rollback as a JSON Patch (design section 5). Pure: raw objects in, operations out.
import { ANNOTATIONS } from "../../api/group.ts";
import type { RestoreTemplate } from "../../domain/effects/change.ts";
import { type JsonPatchOperation, testsFor } from "../json-patch.ts";
import { metaOf, optionalText, type RawObject } from "../objects.ts";
import { type AnnotationsToSet, annotationOperations } from "./annotation-operations.ts";

/** What `kubectl rollout history` shows as the reason of a revision. */
const CHANGE_CAUSE = "kubernetes.io/change-cause";

export interface RollbackPatchInput {
  readonly change: RestoreTemplate;
  /** The workload as it was read just now. */
  readonly workload: RawObject;
  /** The object that holds the revision to restore, as it was read just now. */
  readonly source: RawObject;
  /** The pod template of that revision. */
  readonly template: RawObject;
  /** Epoch ms, for the annotation that tells when. */
  readonly now: number;
}

/**
 * The patch applies only to the very workload and generation that were judged; otherwise the API server answers
 * 422 and changes nothing. It replaces the pod template, and touches no annotation but RolloutGuard's own and change-cause, which becomes that of the
 * restored revision (`kubectl rollout undo` would throw away everybody else's).
 */
export function buildRollbackPatch(input: RollbackPatchInput): JsonPatchOperation[] {
  const { change, workload, template } = input;
  return [
    ...testsFor(change.expect),
    { op: "replace", path: "/spec/template", value: template },
    ...annotationOperations(workload, annotationsToSet(input)),
  ];
}

function annotationsToSet({ change, source, now }: RollbackPatchInput): AnnotationsToSet {
  return {
    [ANNOTATIONS.incident]: change.incident,
    [ANNOTATIONS.rolledBackFrom]: change.from.hash,
    [ANNOTATIONS.rolledBackAt]: new Date(now).toISOString(),
    [ANNOTATIONS.rolledBackGeneration]: String(change.expect.generation + 1),
    [CHANGE_CAUSE]: optionalText(metaOf(source).annotations[CHANGE_CAUSE]),
  };
}
