// How a pass can fail: RolloutGuard could not decide, which is a bug, or an effect could not be written.
import type { Effect } from "../domain/decision.ts";
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
      `no decision about guard ${guard.namespace}/${guard.name}; this is a bug, please report it. ` +
        `Workload: ${target}; revisions: ${names(sources)}; pods: ${names(pods)}; ` +
        `Services: ${names(services)}; Incidents: ${names(incidents)}`,
      { cause },
    );
    this.snapshot = snapshot;
  }
}

const WHAT: Readonly<Record<Effect["type"], string>> = {
  openIncident: "open the Incident",
  updateIncident: "write the status of the Incident",
  rollBack: "roll back",
  updateGuardStatus: "write the status of the guard",
  publishEvent: "publish an Event",
  deleteIncident: "delete an old Incident",
};

/** An effect was not written; the cause is the client's error. */
export class EffectFailure extends Error {
  override readonly name = "EffectFailure";
  readonly snapshot: Snapshot;
  readonly effect: Effect;

  constructor(snapshot: Snapshot, effect: Effect, cause: unknown) {
    super(`cannot ${WHAT[effect.type]}: ${messageWithAdvice(cause)}`, { cause });
    this.snapshot = snapshot;
    this.effect = effect;
  }
}
