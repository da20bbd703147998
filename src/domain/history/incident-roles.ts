// Which Incident is about the present rollout, and which one restored the present revision. Pure.

import { isManual, isOpen, phaseOf } from "../../api/incident.ts";
import { type IncidentStep, undoStep } from "../../api/incident-step.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** Orders Incidents from the oldest to the newest. */
export function byDetection(a: IncidentView, b: IncidentView): number {
  return Date.parse(a.spec.detectedAt) - Date.parse(b.spec.detectedAt) || (a.name < b.name ? -1 : 1);
}

/** The open Incident about the failure of this revision, as long as no rollback of it was sent. */
export function incidentAbout(snapshot: Snapshot, revision: RevisionView): IncidentView | undefined {
  return newestOpen(snapshot).find(
    (incident) => incident.spec.failedRevision.hash === revision.hash && !wasSent(snapshot, incident),
  );
}

/** The open Incident whose rollback restored this revision. A person can have gone back to the same one. */
export function incidentRestoring(snapshot: Snapshot, revision: RevisionView): IncidentView | undefined {
  return newestOpen(snapshot).find((incident) => isRestoring(snapshot, revision, incident));
}

/**
 * Whether the Incident's rollback was sent and restored this revision, the workload's present one: the one that was meant, or what
 * admission made of it.
 */
export function isRestoring(snapshot: Snapshot, revision: RevisionView, incident: IncidentView): boolean {
  if (!wasSent(snapshot, incident)) return false;
  if (restoredHash(incident) === revision.hash) return true;
  return incident.spec.failedRevision.hash !== revision.hash && isAsAnswered(snapshot, incident);
}

/** The open Incident whose rollback made the workload's present template, which is not yet that of any revision. */
export function incidentAnswered(snapshot: Snapshot): IncidentView | undefined {
  return newestOpen(snapshot).find(
    (incident) => wasSent(snapshot, incident) && isAsAnswered(snapshot, incident),
  );
}

/** Whether the present template is what the API server made of the rollback: as it was noted, else as nothing was changed since. */
function isAsAnswered(snapshot: Snapshot, incident: IncidentView): boolean {
  const { workload } = snapshot;
  if (workload === undefined) return false;
  const noted = undoStep(incident.status)?.template;
  if (noted !== undefined) return noted === templateMark(workload.templateKey);
  return isAsPatched(snapshot, incident);
}

/** Whether nothing of the workload was changed since the Incident's patch, by the workload's own word. */
export function isAsPatched(snapshot: Snapshot, incident: IncidentView): boolean {
  const { workload } = snapshot;
  const isItsPatch = rolledBackAt(snapshot, incident) !== undefined;
  return isItsPatch && workload?.rolledBack?.generation === workload?.generation;
}

const MARK_LENGTH = 6;

/** What an Incident keeps of a template's identity: no longer than a template hash, so that it tells as little of what is in it. */
export function templateMark(templateKey: string): string {
  return templateKey.slice(-MARK_LENGTH);
}

/**
 * Whether the Incident's rollback was sent and accepted: the Incident says so, or the workload does, where the answer to the patch
 * was lost. An Incident sends one.
 */
export function wasSent(snapshot: Snapshot, incident: IncidentView): boolean {
  return (
    phaseOf(incident) === "Verifying" ||
    undoStep(incident.status)?.generation !== undefined ||
    rolledBackAt(snapshot, incident) !== undefined
  );
}

/** So much may the clocks of two operators differ, one that opened the Incident and one that sent the patch. */
const CLOCKS_MS = 10_000;

/**
 * When the Incident's rollback was sent (epoch ms): by the workload's own word, for the patch can have been sent long after it was
 * decided; without it, as the Incident notes it. Undefined where neither says so.
 */
export function rollbackSentAt(snapshot: Snapshot, incident: IncidentView): number | undefined {
  const noted = undoStep(incident.status)?.startedAt;
  return rolledBackAt(snapshot, incident) ?? (noted === undefined ? undefined : Date.parse(noted));
}

/** When the workload was rolled back for this Incident, and not for an earlier one of its name, by its own word (epoch ms). */
function rolledBackAt({ workload }: Snapshot, { name, spec }: IncidentView): number | undefined {
  const rolledBack = workload?.rolledBack;
  const isIts = rolledBack?.incident === name && rolledBack.at > Date.parse(spec.detectedAt) - CLOCKS_MS;
  return isIts ? rolledBack.at : undefined;
}

/** The rollback that was sent for an Incident, as the workload tells, although nobody has come to note it. */
export function unnotedRollback(snapshot: Snapshot, incident: IncidentView): IncidentStep | undefined {
  const at = rolledBackAt(snapshot, incident);
  const to = restoredHash(incident);
  if (at === undefined || to === undefined || undoStep(incident.status)?.generation !== undefined)
    return undefined;
  const startedAt = rfc3339(at);
  const { target, failedRevision } = incident.spec;
  const object = { kind: target.kind, name: target.name };
  return { action: "Undo", object, from: failedRevision.hash, to, startedAt };
}

/** The revision that an Incident's rollback restores: as last decided, else as fixed when it was opened. */
export function restoredHash({ spec, status }: IncidentView): string | undefined {
  return undoStep(status)?.to ?? spec.restoreRevision?.hash;
}

/** The one that was detected last; undefined where there is none. */
export function newestIncident(incidents: readonly IncidentView[]): IncidentView | undefined {
  return [...incidents].sort(byDetection).at(-1);
}

/** The newest Incident, if its rollback restored this revision: then the revision is our own choice, not a release. */
export function lastRestored(snapshot: Snapshot, revision: RevisionView): IncidentView | undefined {
  const newest = newestIncident(snapshot.incidents);
  return undoStep(newest?.status)?.to === revision.hash ? newest : undefined;
}

/** The ended Incidents about this very workload whose rollback a guard has sent, newest first. */
export function endedRollbacks({ incidents, workload }: Snapshot): readonly IncidentView[] {
  return incidents
    .filter(
      (incident) =>
        !isOpen(incident) &&
        !isManual(incident) &&
        undoStep(incident.status) !== undefined &&
        incident.spec.target.uid === workload?.uid,
    )
    .sort(byDetection)
    .reverse();
}

/** The open Incidents of the guard, newest first. */
export function newestOpen(snapshot: Snapshot): readonly IncidentView[] {
  return snapshot.incidents
    .filter((incident) => isOpen(incident))
    .sort(byDetection)
    .reverse();
}
