// What fails and why, in the words of an Incident: for Events, where there is room for a few sentences. Pure.
import type { IncidentSpec } from "../../api/incident.ts";
import { capital, nameRevision } from "../history/revisions.ts";
import { shortText } from "../plain-text.ts";

/** An Event takes 1,024 bytes; what is done about it must not be cut off. */
const FAILURE_BYTES = 300;
const CAUSE_BYTES = 320;

/** "Revision 2 (596f7cbf4b) is failing: … Cause (Certain): …" */
export function failureSentence({ reason, failedRevision, message, causes = [] }: IncidentSpec): string {
  if (reason === "ManualRollback") {
    return `Manual rollback of ${nameRevision(failedRevision)}, ${shortText(message, FAILURE_BYTES)}.`;
  }
  const [cause] = causes;
  const failure = `${capital(nameRevision(failedRevision))} is failing: ${shortText(message, FAILURE_BYTES)}.`;
  if (!cause || cause.class === "Unknown") return failure;
  return `${failure} Cause (${cause.certainty}): ${shortText(cause.message, CAUSE_BYTES)}`;
}
