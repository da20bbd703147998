// How many ended Incidents are kept. Pure.

import { isOpen } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import { deleteIncidentEffect, type Effect } from "../effects/effect.ts";
import { byDetection, endedRollbacks } from "../history/incident-roles.ts";
import { policyOf } from "../rollout/policy.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** At most this many are deleted in one pass; the next pass goes on. */
const DELETIONS_PER_PASS = 5;

/**
 * The deletion of the oldest ended Incidents beyond the guard's limit. Those whose rollback still counts towards
 * window or cooldown stay, and the last two of one revision: with them the guard would forget how often it has acted. A guard that only waits for an
 * older one leaves that one's Incidents to it.
 */
export function endedIncidentsBeyondLimit(snapshot: Snapshot, now: number): readonly Effect[] {
  const { guard, incidents } = snapshot;
  if (!("valid" in guard.spec) || guard.olderGuard !== undefined) return [];
  const { windowMs, cooldownMs } = policyOf(guard.spec.valid);
  const countsFrom = now - Math.max(windowMs, cooldownMs);
  const ended = incidents.filter((incident) => !isOpen(incident)).sort(byDetection);
  const excess = Math.max(0, ended.length - guard.spec.valid.incidentHistoryLimit);
  const inARow = lastOfTheSame(snapshot);
  return ended
    .slice(0, excess)
    .filter((incident) => !inARow.includes(incident))
    .filter(({ status }) => !(Date.parse(undoStep(status)?.startedAt ?? "") > countsFrom))
    .slice(0, DELETIONS_PER_PASS)
    .map(({ name }) => deleteIncidentEffect(name));
}

/** What `brakes/reapplied-again.ts` counts by. */
const IN_A_ROW = 2;

function lastOfTheSame(snapshot: Snapshot): readonly IncidentView[] {
  const rollbacks = endedRollbacks(snapshot);
  const hash = rollbacks[0]?.spec.failedRevision.hash;
  return rollbacks.filter(({ spec }) => spec.failedRevision.hash === hash).slice(0, IN_A_ROW);
}
