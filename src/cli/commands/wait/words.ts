// What `wait` says of a rollout, in sentences. Pure.
import { formatDuration } from "../../../api/duration.ts";
import { isManual, phaseOf } from "../../../api/incident.ts";
import type { FailingFinding, Finding } from "../../../domain/decision.ts";
import { nameRevision } from "../../../domain/history/revisions.ts";
import type { Rollout } from "../../../domain/rollout/rollout.ts";
import type { IncidentView } from "../../../domain/snapshot/incident.ts";
import type { WorkloadView } from "../../../domain/snapshot/workload.ts";
import type { Look } from "../../cluster/watched-deployment.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { ended, type Standing } from "./standing.ts";

/** The rollout was undone: how did that end? */
export function afterRollback(incident: IncidentView, { rollout }: Look): Standing {
  const { spec, status, name } = incident;
  const by = whoRollsBack(incident);
  const target = spec.restoreRevision && nameRevision(spec.restoreRevision);
  const back = `${by} rolled back ${nameRevision(spec.failedRevision)}${target === undefined ? "" : ` to ${target}`}: ${spec.reason}: ${spec.message}`;
  const more = causeLines(incident);
  switch (phaseOf(incident)) {
    case "Recovered":
      return { ...ended(EXIT_CODES.rolledBack, `${back}.`, ...more, status?.message ?? ""), incident: name };
    case "NotRecovered":
      return { ...ended(EXIT_CODES.failing, `${back}.`, ...more, status?.message ?? ""), incident: name };
    case "Superseded":
      return { ...ended(EXIT_CODES.overtaken, `${back}.`, status?.message ?? ""), incident: name };
    case "Held":
    case "Acting":
    case "Verifying": {
      const serving = rollout ? nameRevision(rollout.revision) : "the restored revision";
      return { is: "going", says: `${back}. Waiting for ${serving} to serve.` };
    }
  }
}

export function whoRollsBack(incident: IncidentView): string {
  return isManual(incident) ? (incident.spec.requestedBy ?? "Somebody") : "The guard";
}

export function failure(rollout: Rollout, { spec }: IncidentView): string {
  return `${nameRevision(rollout.revision)} fails: ${spec.reason}: ${spec.message}.`;
}

/** What the Incident says of the cause, and why nothing is done. */
export function whyAndWhat(incident: IncidentView): readonly string[] {
  const { brake } = incident.status ?? {};
  return [...causeLines(incident), ...(brake ? [`No rollback (${brake.reason}): ${brake.message}`] : [])];
}

function causeLines({ spec, status }: IncidentView): readonly string[] {
  const cause = spec.causes?.[0];
  const [kind, certainty] = [status?.cause ?? cause?.class, status?.certainty ?? cause?.certainty];
  const [why, remedy] = [status?.rootCause ?? cause?.message, status?.remedy ?? cause?.remedy];
  if (kind === undefined || kind === "Unknown" || why === undefined) return [];
  return [
    `Cause (${certainty ?? "Unknown"}): ${why}`,
    ...(remedy === undefined ? [] : [`Remedy: ${remedy}`]),
  ];
}

export function sentenceOf(rollout: Rollout, { reason, message }: FailingFinding): string {
  return `${nameRevision(rollout.revision)} fails: ${reason}: ${message}`;
}

export function beginning({ decision, workload }: Look): string {
  if (workload.isPaused && workload.frozenRevision === undefined)
    return "The Deployment is paused; nothing rolls out until it is resumed.";
  return decision.reason === "CreateFailed" ? decision.message : "The rollout is starting.";
}

export function counts({
  desiredReplicas,
  updatedReplicas,
  availableReplicas,
  replicas,
  isPaused,
}: WorkloadView) {
  const old = replicas - updatedReplicas;
  const leaving = old > 0 ? `, ${old} old` : "";
  const paused = isPaused ? "; the Deployment is paused" : "";
  return `${updatedReplicas}/${desiredReplicas} updated, ${availableReplicas} available${leaving}${paused}`;
}

/** For narrow terminals. */
export function shortCounts({ desiredReplicas, updatedReplicas, isPaused }: WorkloadView): string {
  return `${updatedReplicas}/${desiredReplicas}${isPaused ? "; paused" : ""}`;
}

/** The sign of trouble that comes due first: "NotReady", and "12s of 45s". */
export function pendingIn(findings: readonly Finding[], now: number) {
  const pending = findings
    .flatMap((finding) => (finding.verdict === "pending" ? [finding] : []))
    .sort((a, b) => (a.untilAt ?? Number.POSITIVE_INFINITY) - (b.untilAt ?? Number.POSITIVE_INFINITY));
  const [first] = pending;
  if (!first) return { says: "", ticks: undefined };
  const { check, reason, sinceAt, untilAt, message } = first;
  // Their numbers say more than a time.
  if (check === "metrics" || check === "http") return { says: `; ${reason}`, ticks: message };
  const limit = untilAt === undefined ? "" : ` of ${formatDuration(untilAt - sinceAt)}`;
  return { says: `; ${reason}`, ticks: `${spent(sinceAt, now)}${limit}` };
}

export function spent(sinceAt: number, now: number): string {
  return formatDuration(Math.floor(Math.max(0, now - sinceAt) / 1_000) * 1_000);
}
