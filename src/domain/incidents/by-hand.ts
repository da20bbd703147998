// Rollbacks that a person asked for: the record of one, and how a guard that sees it keeps its hands off. Pure.
import { type IncidentSpec, isManual } from "../../api/incident.ts";
import type { IncidentReason } from "../../api/reasons.ts";
import type { FailingFinding, Finding } from "../decision.ts";
import { incidentAbout } from "../history/incident-roles.ts";
import { nameRevision, referenceTo } from "../history/revisions.ts";
import { type Outcome, quiet } from "../outcome.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { incidentFacts, transition } from "./incident-status.ts";

/**
 * Between an Incident of kind Manual and its patch lies one request. After so long the command has ended in between,
 * and nobody else carries out what a person asked for: the person may have thought better of it.
 */
const NEVER_SENT_AFTER_MS = 30_000;

/** What a person asks for. */
export interface ManualRollback {
  readonly to: RevisionView;
  /** As the API server knows them; undefined when it does not tell. */
  readonly user: string | undefined;
  readonly why: string | undefined;
  /** Whether the guard that judges exists, or stands in for one that does not. */
  readonly isGuarded: boolean;
}

/** The facts of an Incident of kind Manual: what fails at this moment, when anything does, and who wants what. */
export function manualIncidentSpec(
  rollout: Rollout,
  { to, user, why, isGuarded }: ManualRollback,
  findings: readonly Finding[],
  now: number,
): IncidentSpec {
  const headline = findings.find((finding): finding is FailingFinding => finding.verdict === "failing");
  const asked = `requested by ${user ?? "an unknown user"}${why === undefined ? "" : `: ${why}`}`;
  const reason: IncidentReason = headline?.reason ?? "ManualRollback";
  const message = headline ? `${headline.message}; ${asked}` : asked;
  const { guard, ...facts } = incidentFacts(rollout, { reason, message }, findings, now);
  return {
    kind: "Manual",
    ...(isGuarded && { guard }),
    ...facts,
    ...(user !== undefined && { requestedBy: user }),
    restoreRevision: referenceTo(to),
    action: "Undo",
  };
}

/** The Incident of a person who is rolling back the present revision at this moment. */
export function duringManualRollback({ snapshot, revision }: Rollout): IncidentView | undefined {
  const incident = incidentAbout(snapshot, revision);
  return incident && isManual(incident) ? incident : undefined;
}

/** Leaves the rollback to the person; ends the Incident when the patch does not come. */
export function deferToManualRollback(rollout: Rollout, incident: IncidentView, now: number): Outcome {
  const { requestedBy = "Someone", detectedAt } = incident.spec;
  const sentBy = Date.parse(detectedAt) + NEVER_SENT_AFTER_MS;
  const message = `${requestedBy} is rolling back ${nameRevision(rollout.revision)} manually (Incident ${incident.name}).`;
  const outcome = { ...quiet("RollingBack", "RollingBack", message), wakeAts: [sentBy] };
  if (now < sentBy) return outcome;
  const end = "The requested rollback was never sent.";
  return { ...outcome, effects: [transition(rollout, incident, "Superseded", end, now)] };
}
