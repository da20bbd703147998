// Ends Incidents that something else has overtaken. Pure.
import { isManual } from "../../api/incident.ts";
import { type Effect, updateIncidentEffect } from "../effects/effect.ts";
import {
  incidentAbout,
  incidentAnswered,
  incidentRestoring,
  newestOpen,
  unnotedRollback,
} from "../history/incident-roles.ts";
import { nameRevision } from "../history/revisions.ts";
import { writersSince } from "../history/template-writers.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { withTransition } from "./incident-status.ts";
import { reappliedMessage, wasReapplied } from "./reapplied.ts";

/** Ends the open Incidents that a newer rollout, a person or the workload's deletion has overtaken: at most one stays open. */
export function supersedeOthers(
  snapshot: Snapshot,
  revision: RevisionView | undefined,
  now: number,
): readonly Effect[] {
  const isWaitingForSpec = "invalid" in snapshot.guard.spec || snapshot.guard.olderGuard !== undefined;
  if (isWaitingForSpec) return [];
  const kept = revision
    ? (incidentRestoring(snapshot, revision) ?? incidentAbout(snapshot, revision))
    : incidentAnswered(snapshot);
  return newestOpen(snapshot)
    .filter(({ name }) => name !== kept?.name)
    .map((incident) => {
      const message = kept && isManual(kept) ? byHand(kept) : supersededBy(snapshot, revision, incident);
      const step = unnotedRollback(snapshot, incident);
      const status = withTransition(incident, snapshot, "Superseded", message, now, { step });
      return updateIncidentEffect(incident.name, status);
    });
}

function byHand({ name, spec: { requestedBy = "Someone" } }: IncidentView): string {
  return `${requestedBy} is rolling back manually (Incident ${name}).`;
}

function supersededBy(
  snapshot: Snapshot,
  revision: RevisionView | undefined,
  incident: IncidentView,
): string {
  const { kind } = incident.spec.target;
  if (revision && wasReapplied(snapshot, revision, incident)) return reappliedMessage(snapshot, incident);
  if (!snapshot.workload || snapshot.workload.isDeleting) return `The ${kind} was deleted.`;
  const failed = snapshot.revisions.find(({ hash }) => hash === incident.spec.failedRevision.hash);
  if (!revision) {
    // The end of a workload can be reported after that of its revisions.
    return failed
      ? "A newer rollout started."
      : `Its revision is gone: the ${kind} was deleted, or a newer rollout started.`;
  }
  const isOlder = failed !== undefined && revision.createdAt < failed.createdAt;
  return isOlder
    ? `${rolledBackBy(snapshot.workload, incident)} rolled back to ${nameRevision(revision)}.`
    : `A newer rollout started: ${nameRevision(revision)}.`;
}

/** By the managed fields, where they say it: a GitOps tool is not taken for a person. */
function rolledBackBy(workload: WorkloadView, { spec }: IncidentView): string {
  return writersSince(workload, Date.parse(spec.detectedAt)).join(" and ") || "Someone";
}
