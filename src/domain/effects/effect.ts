// What a decision does, as values in three classes: records say what is meant, changes do it, notices tell of it. Pure.
import type { IncidentSpec, IncidentStatus } from "../../api/incident.ts";
import type { FindingReason, Reason } from "../../api/reasons.ts";
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import type { Change } from "./change.ts";

/**
 * - record: RolloutGuard's own objects, Incidents and the status of guards, and which fields of a workload it owns. Intent is
 *   recorded before the change.
 * - change: one act on somebody else's object. It needs a second decision on live objects, carries its own precondition,
 *   is sent once, and ends the pass: what follows from it is another decision.
 * - notice: what people hear of it. One that is lost is not repeated.
 *
 * The type tells apart what is in a class.
 */
export type Effect = RecordEffect | ChangeEffect | NoticeEffect;

export type RecordEffect =
  | OpenIncident
  | UpdateIncident
  | UpdateGuardStatus
  | DeleteIncident
  | HandOverFields;

export interface OpenIncident {
  readonly class: "record";
  readonly type: "openIncident";
  readonly name: string;
  readonly spec: AutomaticIncidentSpec;
}

export interface UpdateIncident {
  readonly class: "record";
  readonly type: "updateIncident";
  readonly name: string;
  readonly status: IncidentStatus;
}

export interface UpdateGuardStatus {
  readonly class: "record";
  readonly type: "updateGuardStatus";
  readonly status: RolloutGuardStatus;
}

export interface DeleteIncident {
  readonly class: "record";
  readonly type: "deleteIncident";
  readonly name: string;
}

/**
 * Gives the fields that a rollback changed to whoever applies the workload. It changes no field, and what is given is read
 * live, so it needs no second decision. When it fails, the pass continues: nothing else depends on it.
 */
export interface HandOverFields {
  readonly class: "record";
  readonly type: "handOverFields";
}

export interface ChangeEffect {
  readonly class: "change";
  readonly type: "change";
  readonly change: Change;
}

export interface NoticeEffect {
  readonly class: "notice";
  readonly type: "publishEvent";
  readonly event: EventToPublish;
}

/** A guard opens an Incident only about what a check has found. */
export type AutomaticIncidentSpec = IncidentSpec & { readonly reason: FindingReason };

/** A Kubernetes Event. */
export interface EventToPublish {
  readonly on: "Workload" | "RolloutGuard";
  readonly type: "Normal" | "Warning";
  readonly reason: Reason;
  readonly message: string;
}

export function openIncidentEffect(name: string, spec: AutomaticIncidentSpec): OpenIncident {
  return { class: "record", type: "openIncident", name, spec };
}

export function updateIncidentEffect(name: string, status: IncidentStatus): UpdateIncident {
  return { class: "record", type: "updateIncident", name, status };
}

export function guardStatusEffect(status: RolloutGuardStatus): UpdateGuardStatus {
  return { class: "record", type: "updateGuardStatus", status };
}

export function deleteIncidentEffect(name: string): DeleteIncident {
  return { class: "record", type: "deleteIncident", name };
}

export function handOverEffect(): HandOverFields {
  return { class: "record", type: "handOverFields" };
}

export function changeEffect(change: Change): ChangeEffect {
  return { class: "change", type: "change", change };
}

export function eventEffect(event: EventToPublish): NoticeEffect {
  return { class: "notice", type: "publishEvent", event };
}

/** Whether it says or does something about a rollout. That must not be decided on the past. */
export function isAboutRollout(effect: Effect): boolean {
  return isAct(effect) || effect.type === "updateIncident";
}

/**
 * What is done only when a second decision, on live objects, agrees: every change, and what says for good that a revision
 * does not work.
 */
export type Act = OpenIncident | EndsNotRecovered | ChangeEffect;

type EndsNotRecovered = UpdateIncident & { readonly status: { readonly phase: "NotRecovered" } };

export function isAct(effect: Effect): effect is Act {
  if (effect.type === "updateIncident") return effect.status.phase === "NotRecovered";
  return effect.class === "change" || effect.type === "openIncident";
}
