// What an Incident or a workload says and cannot be true: somebody else than RolloutGuard wrote it. None of it steers a decision. Pure.
import { ANNOTATIONS } from "../../api/group.ts";
import { liesAhead, unseenUntil } from "../plausible.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";

/**
 * The snapshot as it is believed: a rollback that the workload says was sent ahead of time counts as sent when its Incident was
 * opened. It was sent all the same: an Incident sends one.
 */
export function withoutImplausible(snapshot: Snapshot, now: number): Snapshot {
  const { workload, incidents } = snapshot;
  const { rolledBack } = workload ?? {};
  if (workload === undefined || rolledBack === undefined || !liesAhead(rolledBack.at, now)) return snapshot;
  const incident = incidents.find(({ name }) => name === rolledBack.incident);
  const believed = incident && { ...rolledBack, at: Date.parse(incident.spec.detectedAt) };
  return {
    ...snapshot,
    workload: { ...workload, rolledBack: believed, leftOut: [ANNOTATIONS.rolledBackAt] },
  };
}

/** An Incident and what of it cannot be true, as "status.steps.generation". */
export interface Implausible {
  readonly name: string;
  readonly fields: readonly string[];
}

/** The Incidents of the workload that say what cannot be true. */
export function implausibleIncidents({ incidents, workload }: Snapshot, now: number): readonly Implausible[] {
  return incidents
    .map((incident) => ({ name: incident.name, fields: fieldsOf(incident, workload, now) }))
    .filter(({ fields }) => fields.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fieldsOf(
  { spec, status, leftOut = [] }: IncidentView,
  workload: WorkloadView | undefined,
  now: number,
): readonly string[] {
  const { steps = [], timeline = [], endedAt } = status ?? {};
  const isAhead = (...times: readonly string[]) => times.some((time) => liesAhead(Date.parse(time), now));
  const isOfWorkload = spec.target.uid === workload?.uid;
  const fields = [
    ...leftOut,
    ...(isAhead(spec.detectedAt) ? ["spec.detectedAt"] : []),
    ...(isAhead(...steps.map(({ startedAt }) => startedAt)) ? ["status.steps.startedAt"] : []),
    ...(isAhead(...timeline.map(({ at }) => at)) ? ["status.timeline.at"] : []),
    ...(endedAt !== undefined && isAhead(endedAt) ? ["status.endedAt"] : []),
    ...(isOfWorkload && steps.some((step) => isImpossible(step, workload, now))
      ? ["status.steps.generation"]
      : []),
  ];
  return [...new Set(fields)];
}

type Sent = NonNullable<NonNullable<IncidentView["status"]>["steps"]>[number];

/** The workload has not come so far, and the watch that would show it cannot be so far behind. */
function isImpossible(step: Sent, workload: WorkloadView, now: number): boolean {
  return isBeyond(step, workload) && unseenUntil(Date.parse(step.startedAt), now) === undefined;
}

/** Whether the step made a generation of the workload that is not seen yet. */
export function isBeyond({ generation = 0 }: Sent, workload: WorkloadView): boolean {
  return generation > workload.generation;
}
