// What a guard leaves behind when it is deleted, and how that ends: open Incidents, and the pause of a stopped rollback. Pure.
import { isManual, isOpen, phaseOf } from "../../api/incident.ts";
import { freezeStep } from "../../api/incident-step.ts";
import { type UpdateIncident, updateIncidentEffect } from "../effects/effect.ts";
import { withoutImplausible } from "../history/implausible.ts";
import { newestIncident, newestOpen, unnotedRollback, wasSent } from "../history/incident-roles.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { kubectlName } from "../workload/kubectl-name.ts";
import { withTransition } from "./incident-status.ts";

/** A guard that is deleted and created again, as some tools replace objects, takes its Incidents up again. */
const REPLACED_MS = 60_000;

/** The command that rolls back by hand verifies without a guard. It has been interrupted when it takes so long. */
const BY_HAND_MS = 24 * 3_600_000;

/** What is to be done now, and when there can be more to do (epoch ms). */
export interface UnguardedReview {
  readonly effects: readonly UpdateIncident[];
  /** The workload can be paused by RolloutGuard; nobody else ends that. */
  readonly endsPause: boolean;
  readonly recheckAt?: number | undefined;
}

/** Whether Incidents of a workload without a guard leave something to end. */
export function isAnythingLeft(incidents: readonly IncidentView[]): boolean {
  return incidents.some(isOpen) || wasStopped(incidents);
}

/** Whether the last thing that was done about the workload can have been to pause it. */
function wasStopped(incidents: readonly IncidentView[]): boolean {
  return freezeStep(newestIncident(incidents)?.status) !== undefined;
}

/**
 * Ends the open Incidents of a workload without a guard, because nobody decides about them or verifies a rollback; and RolloutGuard's
 * pause, under which no new template rolls out.
 * @param sinceAt since when the guard is known to be missing (epoch ms)
 */
export function reviewUnguarded(observed: Snapshot, sinceAt: number, now: number): UnguardedReview {
  const snapshot = withoutImplausible(observed, now);
  const due = newestOpen(snapshot).map((incident) => ({ incident, at: endsAt(incident, sinceAt) }));
  const isPaused = wasStopped(snapshot.incidents);
  const resumeAt = sinceAt + REPLACED_MS;
  const later = [...due.map(({ at }) => at), ...(isPaused ? [resumeAt] : [])].filter((at) => now < at);
  return {
    effects: due.filter(({ at }) => now >= at).map(({ incident }) => ended(snapshot, incident, now)),
    endsPause: isPaused && now >= resumeAt,
    ...(later.length > 0 && { recheckAt: Math.min(...later) }),
  };
}

function endsAt(incident: IncidentView, sinceAt: number): number {
  if (!isManual(incident)) return sinceAt + REPLACED_MS;
  return Date.parse(incident.spec.detectedAt) + BY_HAND_MS;
}

function ended(snapshot: Snapshot, incident: IncidentView, now: number): UpdateIncident {
  const { target } = incident.spec;
  const message = `No RolloutGuard watches ${target.kind} ${target.name} any more. ${rollbackText(snapshot, incident)}`;
  const step = unnotedRollback(snapshot, incident);
  const status = withTransition(incident, snapshot, "Superseded", message, now, { step });
  return updateIncidentEffect(incident.name, status);
}

/** What became of the rollback, for whoever deleted the guard. */
function rollbackText(snapshot: Snapshot, incident: IncidentView): string {
  const status = `kubectl rollout status ${kubectlName(incident.spec.target)} -n ${snapshot.guard.namespace}`;
  if (wasSent(snapshot, incident))
    return `The rollback was sent, but nothing checked whether service is back: ${status}`;
  if (phaseOf(incident) === "Held") return "Nothing was rolled back.";
  return `It is not known whether the rollback was sent: ${status}`;
}
