// How a pass can fail: RolloutGuard could not decide, which is a bug, or an effect could not be written.
import type { Change } from "../domain/effects/change.ts";
import type { Effect } from "../domain/effects/effect.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { messageWithAdvice } from "../kube/missing-right.ts";

/** A fault of RolloutGuard itself. Names what it was deciding about, so that the report of the bug is of use. */
export class DecisionFailure extends Error {
  override readonly name = "DecisionFailure";
  readonly snapshot: Snapshot;

  constructor(snapshot: Snapshot, cause: unknown) {
    const { guard, workload, revisions, pods, services, incidents } = snapshot;
    const names = (objects: readonly { readonly name: string }[]) =>
      objects.map(({ name }) => name).join(", ") || "none";
    const target = workload ? `${workload.kind} ${workload.name}` : "none";
    const sources = revisions.map(({ source }) => source);
    super(
      `cannot decide about guard ${guard.namespace}/${guard.name}. This is a bug in RolloutGuard; please report it. ` +
        `Workload: ${target}; revisions: ${names(sources)}; pods: ${names(pods)}; ` +
        `Services: ${names(services)}; Incidents: ${names(incidents)}`,
      { cause },
    );
    this.snapshot = snapshot;
  }
}

const WHAT: Readonly<Record<Exclude<Effect["type"], "change">, string>> = {
  openIncident: "open the Incident",
  updateIncident: "update the status of the Incident",
  updateGuardStatus: "update the status of the guard",
  publishEvent: "publish an Event",
  deleteIncident: "delete an old Incident",
  handOverFields:
    "hand over the fields that the rollback changed to the field manager that applies the workload",
};

const WHAT_CHANGE: Readonly<Record<Change["do"], string>> = {
  restoreTemplate: "roll back",
  pauseRollout: "pause the workload",
  resumeRollout: "resume the workload that RolloutGuard paused",
};

/** What an effect does, as a verb with its object: "open the Incident". */
function effectText(effect: Effect): string {
  return effect.type === "change" ? WHAT_CHANGE[effect.change.do] : WHAT[effect.type];
}

/** An effect was not written; the cause is the client's error. */
export class EffectFailure extends Error {
  override readonly name = "EffectFailure";
  readonly snapshot: Snapshot;
  readonly effect: Effect;

  constructor(snapshot: Snapshot, effect: Effect, cause: unknown) {
    super(`cannot ${effectText(effect)}: ${messageWithAdvice(cause)}`, { cause });
    this.snapshot = snapshot;
    this.effect = effect;
  }
}
