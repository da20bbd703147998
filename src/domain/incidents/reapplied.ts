// The rollback was accepted, and the failed template is the present one all the same: somebody has put it back. Pure.
import { isAsPatched, rollbackSentAt, wasSent } from "../history/incident-roles.ts";
import { isReleaseOf } from "../history/known-bad.ts";
import { writersSince } from "../history/template-writers.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** Whether the workload asks for what the Incident is about although its rollback was accepted. */
export function wasReapplied(snapshot: Snapshot, revision: RevisionView, incident: IncidentView): boolean {
  return isReleaseOf(snapshot, incident, revision) && wasSent(snapshot, incident);
}

/** How such an Incident ends: with who put the template back. */
export function reappliedMessage(snapshot: Snapshot, incident: IncidentView): string {
  return `The API server accepted the rollback, but the failed template was applied again${reappliedBy(snapshot, incident)}.`;
}

function reappliedBy(snapshot: Snapshot, incident: IncidentView): string {
  const { workload } = snapshot;
  if (workload === undefined) return "";
  if (isAsPatched(snapshot, incident)) return " in the same request, by an admission webhook";
  const sentAt = rollbackSentAt(snapshot, incident);
  const writers = sentAt === undefined ? [] : writersSince(workload, sentAt);
  return writers.length > 0
    ? ` by ${writers.join(" and ")}`
    : "; the managed fields do not show who applied it";
}
