// What one guard is about at one instant: what runs, what is wrong, what it waits for, what happened last. Pure.

import { isOpen, phaseOf } from "../api/incident.ts";
import type { Decision, Finding } from "../domain/decision.ts";
import { probedCondition } from "../domain/guard/risks.ts";
import { knownOf } from "../domain/history/history.ts";
import { byDetection } from "../domain/history/incident-roles.ts";
import { referenceTo } from "../domain/history/revisions.ts";
import { type Rollout, rolloutOf } from "../domain/rollout/rollout.ts";
import type { IncidentView } from "../domain/snapshot/incident.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { FindingReport, GuardReport, IncidentReport, UnknownReport } from "./report-types.ts";
import { revisionReports } from "./revision-reports.ts";
import { cleaned } from "./text/clean-texts.ts";

/**
 * The report on the guard of a snapshot, from what was decided about it. Its texts hold no secrets and steer no terminal.
 * @param at when the snapshot was taken (epoch ms)
 */
export function guardReport(snapshot: Snapshot, decision: Decision, at: number): GuardReport {
  const { guard, workload } = snapshot;
  const spec = "valid" in guard.spec ? guard.spec.valid : undefined;
  const rollout = rolloutOf(snapshot, at);
  const incidents = [...snapshot.incidents].sort(byDetection);
  const healthy = guard.status.conditions?.find(({ type }) => type === "Healthy");
  return cleaned<GuardReport>({
    namespace: guard.namespace,
    name: guard.name,
    target: spec?.target.name ?? "",
    mode: spec?.mode,
    seenAt: iso(at),
    phase: decision.phase,
    reason: decision.reason,
    message: decision.message,
    reported: { phase: guard.status.phase, since: healthy?.lastTransitionTime },
    isUnreported: isUnreported(decision),
    ...(rollout && rolloutParts(rollout)),
    ...(workload && {
      replicas: {
        desired: workload.desiredReplicas,
        updated: workload.updatedReplicas,
        available: workload.availableReplicas,
        ready: workload.readyReplicas,
      },
    }),
    revisions: revisionReports(snapshot),
    services: (rollout?.services ?? []).map(({ name, readyEndpoints }) => ({ name, readyEndpoints })),
    findings: decision.findings.flatMap((finding) => findingReport(finding, at)).sort(bySeverity),
    unknown: decision.findings.flatMap(unknownReport),
    ...(guard.status.checks && { checks: guard.status.checks }),
    brake: decision.brake && {
      reason: decision.brake.reason,
      message: decision.brake.message,
      until: optionalIso(decision.brake.untilAt),
    },
    nextCheckAt: optionalIso(decision.wakeAt),
    risks: rollout ? risksOf(rollout) : [],
    openIncident: incidents.findLast((incident) => isOpen(incident))?.name,
    lastIncident: incidentReport(incidents.at(-1)),
  });
}

/** Whether the operator, if it runs, has not got there yet: repeated passes over what does not change have no effects. */
function isUnreported({ effects }: Decision): boolean {
  return effects.some(({ type }) => type !== "publishEvent" && type !== "deleteIncident");
}

function rolloutParts({
  history,
  revision,
  restore,
  startedAt,
  completedAt,
}: Rollout): Pick<GuardReport, "running" | "good"> {
  const isGood = knownOf(history, revision.hash).verdict === "Good";
  const good = isGood ? revision : "revision" in restore ? restore.revision : undefined;
  return {
    running: {
      ...referenceTo(revision),
      since: iso(startedAt),
      completedAt: optionalIso(completedAt),
    },
    good: good && referenceTo(good),
  };
}

function findingReport(finding: Finding, at: number): readonly FindingReport[] {
  if (finding.verdict === "healthy" || finding.verdict === "unknown") return [];
  const { check, verdict, reason, message, sinceAt } = finding;
  const untilAt = verdict === "pending" ? finding.untilAt : undefined;
  return [
    {
      check,
      verdict,
      reason,
      message,
      since: iso(sinceAt),
      until: optionalIso(untilAt),
      ...(sinceAt >= at && { isFirstSeen: true }),
    },
  ];
}

function unknownReport(finding: Finding): readonly UnknownReport[] {
  return finding.verdict === "unknown" ? [{ check: finding.check, message: finding.message }] : [];
}

function bySeverity(a: FindingReport, b: FindingReport): number {
  return Number(b.verdict === "failing") - Number(a.verdict === "failing");
}

function risksOf({ snapshot, history, revision, restore, services, workload }: Rollout): readonly string[] {
  const probed = probedCondition(revision);
  return [
    ...(probed.status === "False" ? [probed.message] : []),
    ...("none" in restore && knownOf(history, revision.hash).verdict !== "Good"
      ? [`Nothing could be restored: ${restore.message}`]
      : []),
    ...(services.length === 0
      ? ["No Service is bound to the Deployment: it would go unnoticed if a release lost its callers."]
      : []),
    ...(workload.veto === undefined
      ? []
      : [`This release is not rolled back, by a person's veto: ${workload.veto}`]),
    ...(snapshot.surroundings.observeOnly ? ["The operator only observes: it rolls nothing back."] : []),
  ];
}

function incidentReport(incident: IncidentView | undefined): IncidentReport | undefined {
  if (incident === undefined) return undefined;
  const { name, spec, status } = incident;
  const cause = status?.cause ?? spec.causes?.[0]?.class;
  return { name, phase: phaseOf(incident), reason: spec.reason, cause, detectedAt: spec.detectedAt };
}

/** What lies beyond all times that can be written is not told. */
function optionalIso(at: number | undefined): string | undefined {
  return at === undefined || !(Math.abs(at) <= LAST_INSTANT) ? undefined : iso(at);
}

/** That of JavaScript's dates. */
const LAST_INSTANT = 8.64e15;

function iso(at: number): string {
  return new Date(Math.min(LAST_INSTANT, Math.max(-LAST_INSTANT, at))).toISOString();
}
