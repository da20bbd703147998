// Admission has changed the template that a rollback restored: an annotation or a sidecar more. What came of our own patch is the
// restored revision, and not somebody's release. Pure.
import { phaseOf } from "../../api/incident.ts";
import { type Effect, updateIncidentEffect } from "../effects/effect.ts";
import { incidentAnswered, templateMark, unnotedRollback } from "../history/incident-roles.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { withTransition } from "./incident-status.ts";

/** Notes in the Incident what its rollback made, while that has no revision yet by which it could be known again; once. */
export function noteAdmission(snapshot: Snapshot, now: number): readonly Effect[] {
  const incident = incidentAnswered(snapshot);
  const sent = incident && unnotedRollback(snapshot, incident);
  const { workload } = snapshot;
  if (!sent || !workload) return [];
  const { generation } = workload;
  const step = { ...sent, generation, template: templateMark(workload.templateKey) };
  const message = "The API server accepted the rollback, but admission changed the restored template.";
  const phase = phaseOf(incident) === "Verifying" ? "Verifying" : "Acting";
  return [
    updateIncidentEffect(incident.name, withTransition(incident, snapshot, phase, message, now, { step })),
  ];
}
