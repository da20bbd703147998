// How many ended Incidents are kept. Pure.
import { isOpen } from "../api/incident.ts";
import type { Effect } from "./decision.ts";
import { byDetection } from "./revisions.ts";
import type { Snapshot } from "./snapshot.ts";

/** At most this many are deleted in one pass; the next pass goes on. */
const DELETIONS_PER_PASS = 5;

/** The deletion of the oldest ended Incidents beyond the guard's limit. */
export function endedIncidentsBeyondLimit({ guard, incidents }: Snapshot): readonly Effect[] {
  if (!("valid" in guard.spec)) return [];
  const ended = incidents.filter((incident) => !isOpen(incident)).sort(byDetection);
  const excess = Math.max(0, ended.length - guard.spec.valid.incidentHistoryLimit);
  return ended
    .slice(0, Math.min(excess, DELETIONS_PER_PASS))
    .map(({ name }) => ({ type: "deleteIncident", name }));
}
