// The rollback was accepted, and the failed template is the present one all the same: somebody has put it back. Pure.
import { undoStep } from "../../api/incident-step.ts";
import { wasSent } from "../history/incident-roles.ts";
import { isReleaseOf } from "../history/known-bad.ts";
import { writersSince } from "../history/template-writers.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";

/** Whether the workload asks for what the Incident is about although its rollback was accepted. */
export function wasPutBack(snapshot: Snapshot, revision: RevisionView, incident: IncidentView): boolean {
  return isReleaseOf(snapshot, incident, revision) && wasSent(snapshot, incident);
}

/** How such an Incident ends: with who put the template back. */
export function putBackMessage({ workload }: Snapshot, incident: IncidentView): string {
  return `The API server accepted the rollback, but the failed template was applied again${workload ? whoPutBack(workload, incident) : ""}.`;
}

function whoPutBack(workload: WorkloadView, { name, status }: IncidentView): string {
  const { rolledBack, generation } = workload;
  const isOfThis = rolledBack?.incident === name;
  if (isOfThis && rolledBack.generation === generation)
    return " in the same request, by an admission webhook";
  const sentAt = isOfThis ? rolledBack.at : Date.parse(undoStep(status)?.startedAt ?? "");
  const writers = writersSince(workload, sentAt);
  return writers.length > 0 ? ` by ${writers.join(" and ")}` : "; the managed fields do not show by whom";
}
