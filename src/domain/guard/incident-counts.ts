// How many Incidents and rollbacks the guard has counted, and up to when. Pure.
// Two operators count, and what either has seen may be old: what is not after the mark is counted already, and marks
// only move on. So it does not matter how often, or in which order, the same Incidents are looked at.

import { isManual, isOpen } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import { newestIncident } from "../history/incident-roles.ts";
import { unseenUntil } from "../plausible.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

type Counts = Pick<
  RolloutGuardStatus,
  "incidents" | "rollbacks" | "lastIncident" | "lastIncidentAt" | "lastRollbackAt"
>;

/** The counts after a look at these Incidents, in any order. Incidents that are gone since stay counted. */
export function incidentCounts(before: RolloutGuardStatus, incidents: readonly IncidentView[]): Counts {
  const newest = newestIncident(incidents);
  const last = incidents.find(({ name }) => name === before.lastIncident);
  const detected = tally(
    before.incidents,
    latest([...instant(before.lastIncidentAt), ...(last ? [detectedAt(last)] : [])]),
    incidents.map(detectedAt),
  );
  const rollbacks = tally(
    before.rollbacks,
    latest(instant(before.lastRollbackAt)),
    incidents.flatMap(endedRollbackAt),
  );
  return {
    incidents: detected.count,
    rollbacks: rollbacks.count,
    ...(newest && { lastIncident: newest.name }),
    ...(detected.until !== undefined && { lastIncidentAt: rfc3339(detected.until) }),
    ...(rollbacks.until !== undefined && { lastRollbackAt: rfc3339(rollbacks.until) }),
  };
}

/**
 * Until when an Incident that the guard names as the last one, and that is not there, may be one that is not seen yet;
 * after that somebody has deleted it. Undefined when nothing is missing.
 */
export function possiblyUnseenUntil({ guard, incidents }: Snapshot, now: number): number | undefined {
  const { lastIncident, lastIncidentAt } = guard.status;
  const [at] = instant(lastIncidentAt);
  if (at === undefined || guard.olderGuard !== undefined) return undefined;
  if (incidents.some((incident) => incident.name === lastIncident || detectedAt(incident) >= at)) {
    return undefined;
  }
  return unseenUntil(at, now);
}

/** Without a mark (a status that was lost, in part or in full) what is there is counted, and at least what was known. */
function tally(
  before: number | undefined,
  mark: number | undefined,
  times: readonly number[],
): { readonly count: number; readonly until: number | undefined } {
  const counted = before ?? 0;
  const count =
    mark === undefined ? Math.max(counted, times.length) : counted + times.filter((at) => at > mark).length;
  return { count, until: latest([...(mark === undefined ? [] : [mark]), ...times]) };
}

function detectedAt({ spec }: IncidentView): number {
  return Date.parse(spec.detectedAt);
}

/** When the guard's rollback of an ended Incident was sent. */
function endedRollbackAt(incident: IncidentView): readonly number[] {
  const undo = undoStep(incident.status);
  return isOpen(incident) || isManual(incident) || undo === undefined ? [] : [Date.parse(undo.startedAt)];
}

function instant(time: string | undefined): readonly number[] {
  return time === undefined ? [] : [Date.parse(time)];
}

function latest(times: readonly number[]): number | undefined {
  return times.length > 0 ? Math.max(...times) : undefined;
}
