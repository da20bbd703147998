// Changes of the cluster's objects, as values: on what, on what condition, and what is changed. Pure.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { RevisionSource } from "../snapshot/revision.ts";
import type { WorkloadView } from "../snapshot/workload.ts";

/**
 * What must still be true of the object, as it was just read live. It goes into the patch itself, so that the API server
 * refuses the change of an object that is another one by then. Objects without a generation are told by their version.
 */
export type Precondition =
  | { readonly uid: string; readonly generation: number }
  | { readonly uid: string; readonly resourceVersion: string };

/** Restores the pod template of an earlier revision, as kubectl rollout undo does. */
export interface RestoreTemplate {
  readonly do: "restoreTemplate";
  readonly on: { readonly kind: WorkloadKind; readonly name: string };
  readonly expect: Extract<Precondition, { readonly generation: number }>;
  readonly from: { readonly hash: string; readonly revision: number };
  readonly to: { readonly hash: string; readonly revision: number; readonly source: RevisionSource };
  /** The Incident that declared it. */
  readonly incident: string;
}

/** Pauses the workload or resumes it, with the annotation that says why it is paused. It touches nothing else. */
export interface PauseOrResume {
  readonly do: "pauseRollout" | "resumeRollout";
  readonly on: { readonly kind: WorkloadKind; readonly name: string };
  readonly expect: Extract<Precondition, { readonly generation: number }>;
  readonly why: PauseReason;
}

/** Why RolloutGuard pauses a workload: an Incident stops its rollback, or the rollout of the revision with that hash is suspicious. */
export type PauseReason = { readonly incident: string } | { readonly revision: string };

/** The change that pauses the workload as it was read, or resumes it. */
export function pauseChange(
  what: PauseOrResume["do"],
  { kind, name, uid, generation }: WorkloadView,
  why: PauseReason,
): PauseOrResume {
  return { do: what, on: { kind, name }, expect: { uid, generation }, why };
}

/** One act on one object. Each carries `do`, `on` and `expect`. */
export type Change = RestoreTemplate | PauseOrResume;

/** Whether both do the same to the same object; when it was read, and so what is expected of it, can differ. */
export function isSameChange(one: Change, other: Change): boolean {
  if (one.expect.uid !== other.expect.uid) return false;
  if (one.do !== "restoreTemplate")
    return one.do === other.do && reasonText(one.why) === reasonText(other.why);
  return other.do === "restoreTemplate" && one.from.hash === other.from.hash && one.to.hash === other.to.hash;
}

function reasonText(why: PauseReason): string {
  return "incident" in why ? `Incident ${why.incident}` : `revision ${why.revision}`;
}

/** "roll back from 5d8f6c7b94 to 596f7cbf4b" */
export function changeText(change: Change): string {
  switch (change.do) {
    case "restoreTemplate":
      return `roll back from ${change.from.hash} to ${change.to.hash}`;
    case "pauseRollout":
      return `pause ${change.on.kind} ${change.on.name}`;
    case "resumeRollout":
      return `resume ${change.on.kind} ${change.on.name}`;
  }
}
