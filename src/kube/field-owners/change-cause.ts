// The annotation that `kubectl rollout history` shows as the reason of a revision, and whose it is. Pure.
import type { RawObject } from "../objects.ts";
import { type FieldPath, hasFieldsBelow } from "./field-set.ts";
import { isOwn, managedEntries } from "./managed-entry.ts";

export const CHANGE_CAUSE = "kubernetes.io/change-cause";
export const CHANGE_CAUSE_FIELD: FieldPath = ["f:metadata", "f:annotations", `f:${CHANGE_CAUSE}`];

/** Whether somebody else than RolloutGuard owns the change-cause of the workload. */
export function isChangeCauseOfOthers(workload: RawObject): boolean {
  return managedEntries(workload).some(
    (entry) => entry.isOfObject && !isOwn(entry) && hasFieldsBelow(entry.fields, CHANGE_CAUSE_FIELD),
  );
}
