// How many ended Incidents are kept. Pure.

import { isOpen } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import { deleteIncidentEffect, type Effect } from "../effects/effect.ts";
import { byDetection } from "../history/incident-roles.ts";
import { policyOf } from "../rollout/policy.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** At most this many are deleted in one pass; the next pass goes on. */
const DELETIONS_PER_PASS = 5;

/**
 * The deletion of the oldest ended Incidents beyond the guard's limit. Those whose rollback still counts towards
 * window or cooldown stay: with them the guard would forget how often it has acted. A guard that only waits for an
 * older one leaves that one's Incidents to it.
 */
export function endedIncidentsBeyondLimit({ guard, incidents }: Snapshot, now: number): readonly Effect[] {
  if (!("valid" in guard.spec) || guard.olderGuard !== undefined) return [];
  const { windowMs, cooldownMs } = policyOf(guard.spec.valid);
  const countsFrom = now - Math.max(windowMs, cooldownMs);
  const ended = incidents.filter((incident) => !isOpen(incident)).sort(byDetection);
  const excess = Math.max(0, ended.length - guard.spec.valid.incidentHistoryLimit);
  return ended
    .slice(0, excess)
    .filter(({ status }) => !(Date.parse(undoStep(status)?.startedAt ?? "") > countsFrom))
    .slice(0, DELETIONS_PER_PASS)
    .map(({ name }) => deleteIncidentEffect(name));
}
