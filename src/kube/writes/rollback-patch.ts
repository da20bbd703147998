// The rollback as a JSON Patch (design section 5). Pure: raw objects in, operations out.
import { ANNOTATIONS } from "../../api/group.ts";
import type { RestoreTemplate } from "../../domain/effects/change.ts";
import { CHANGE_CAUSE, isChangeCauseOfOthers } from "../field-owners/change-cause.ts";
import { type JsonPatchOperation, testsFor } from "../json-patch.ts";
import { asObject, metaOf, optionalText, type RawObject } from "../objects.ts";
import { type AnnotationsToSet, annotationOperations } from "./annotation-operations.ts";
import { LAST_APPLIED, lastAppliedAfter } from "./last-applied.ts";
import { rollbackTimesWith } from "./rollback-times.ts";

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
 * 422 and changes nothing. It replaces the pod template. Of annotations (`kubectl rollout undo` would throw away everybody
 * else's) it touches RolloutGuard's own; change-cause, which becomes that of the restored revision unless somebody else owns
 * it; and where `kubectl apply` keeps its last manifest, the pod template in that. A pause of RolloutGuard's own ends with it.
 */
export function buildRollbackPatch(input: RollbackPatchInput): JsonPatchOperation[] {
  const { change, workload, template } = input;
  return [
    ...testsFor(change.expect),
    { op: "replace", path: "/spec/template", value: template },
    ...(isPausedByRolloutGuard(workload) ? [{ op: "remove", path: "/spec/paused" } as const] : []),
    ...annotationOperations(workload, annotationsToSet(input)),
  ];
}

/** Whether RolloutGuard has paused it: to stop an earlier rollback, or because its rollout was suspicious. */
function isPausedByRolloutGuard(workload: RawObject): boolean {
  const { annotations } = metaOf(workload);
  const marks = [ANNOTATIONS.pausedFor, ANNOTATIONS.frozenRevision];
  const isOwn = marks.some((mark) => annotations[mark] !== undefined);
  return isOwn && asObject(workload.spec).paused === true;
}

function annotationsToSet({ change, workload, source, template, now }: RollbackPatchInput): AnnotationsToSet {
  const lastApplied = lastAppliedAfter(workload, template);
  return {
    [ANNOTATIONS.pausedFor]: undefined,
    [ANNOTATIONS.frozenRevision]: undefined,
    [ANNOTATIONS.incident]: change.incident,
    [ANNOTATIONS.rolledBackFrom]: change.from.hash,
    [ANNOTATIONS.rolledBackAt]: new Date(now).toISOString(),
    [ANNOTATIONS.rolledBackGeneration]: String(change.expect.generation + 1),
    [ANNOTATIONS.rollbackTimes]: rollbackTimesWith(workload, now),
    ...(!isChangeCauseOfOthers(workload) && {
      [CHANGE_CAUSE]: optionalText(metaOf(source).annotations[CHANGE_CAUSE]),
    }),
    ...(lastApplied !== undefined && { [LAST_APPLIED]: lastApplied }),
  };
}
