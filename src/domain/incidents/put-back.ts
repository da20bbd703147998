// The rollback was accepted, and the failed template is the present one all the same: somebody has put it back. Pure.
import { FIELD_MANAGERS } from "../../api/group.ts";
import { undoStep } from "../../api/incident-step.ts";
import { wasSent } from "../history/incident-roles.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";

/** Managed fields have times of whole seconds, by the API server's clock. */
const CLOCKS_MS = 2_000;

/** Whether the workload asks for what the Incident is about although its rollback was accepted. */
export function wasPutBack(snapshot: Snapshot, revision: RevisionView, incident: IncidentView): boolean {
  const { hash } = incident.spec.failedRevision;
  const failed = snapshot.revisions.find((one) => one.hash === hash);
  const isFailed = revision.hash === hash || revision.contentKey === failed?.contentKey;
  return isFailed && wasSent(snapshot, incident);
}

/** How such an Incident ends: with who put the template back. */
export function putBackMessage({ workload }: Snapshot, incident: IncidentView): string {
  return `The patch was accepted, and the template was put back${workload ? whoPutBack(workload, incident) : ""}.`;
}

function whoPutBack(workload: WorkloadView, { name, status }: IncidentView): string {
  const { rolledBack, generation } = workload;
  const isOfThis = rolledBack?.incident === name;
  if (isOfThis && rolledBack.generation === generation)
    return " in the same request, by an admission webhook";
  const sentAt = isOfThis ? rolledBack.at : Date.parse(undoStep(status)?.startedAt ?? "");
  const writers = writersSince(workload, sentAt - CLOCKS_MS);
  return writers.length > 0 ? ` by ${writers.join(" and ")}` : "; its managed fields do not say by whom";
}

/** Who else has written into the template since then (epoch ms), the last one first. */
export function writersSince({ templateManagers }: WorkloadView, sinceAt: number): readonly string[] {
  return templateManagers
    .filter(({ name, at }) => !FIELD_MANAGERS.has(name) && at >= sinceAt)
    .map(({ name }) => name);
}
