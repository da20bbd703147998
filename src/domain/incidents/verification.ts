// After our rollback: is service restored, and does it stay? Pure. There is no second automatic try.

import { phaseOf } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import { runChecks } from "../checks/ordered-checks.ts";
import type { Effect } from "../decision.ts";
import { knownOf } from "../history/history.ts";
import { lastRestored } from "../history/incident-roles.ts";
import { capital, nameRevision } from "../history/revisions.ts";
import { guardNotRecovered, rolledBack, workloadNotRecovered } from "../notices/events.ts";
import { dueTimes, type Outcome, quiet } from "../outcome.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { servingSince } from "../rollout/serving.ts";
import { settledOutcome } from "../settled.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { transition, withTransition } from "./incident-status.ts";

/** Recovered is earned: so long at least nothing fails after service is back. */
const PROOF_MS = 60_000;
const LONGEST_PROOF_MS = 3_600_000;

/**
 * The workload is at the revision that the Incident restores: note that, wait for service, see whether it lasts, and say how
 * it ended.
 */
export function verify(rollout: Rollout, incident: IncidentView, now: number): Outcome {
  if (phaseOf(incident) !== "Verifying") return sent(rollout, incident, now);
  const sentAt = Date.parse(undoStep(incident.status)?.startedAt ?? incident.spec.detectedAt);
  const verified = asRestored(rollout, sentAt);
  const findings = runChecks(verified, now);
  const failing = findings.find((finding) => finding.verdict === "failing");
  if (failing) return notRecovered(rollout, incident, failing.message, now);
  const servingAt = servingSince(verified, sentAt);
  const isClean = findings.every(({ verdict }) => verdict !== "pending");
  if (servingAt !== undefined && isClean) {
    const provenAt = servingAt + proofMs(incident);
    if (now >= provenAt) return recovered(rollout, incident, servingAt, now);
    const message = `${capital(nameRevision(rollout.revision))} serves again, and is watched until ${rfc3339(provenAt)}.`;
    return { ...base(message), findings, wakeAts: [provenAt], isShown: true };
  }
  const deadlineAt = verified.progressedAt + rollout.workload.progressDeadlineSeconds * 1_000;
  if (servingAt === undefined && now >= deadlineAt) {
    const { availableReplicas, desiredReplicas } = rollout.workload;
    return notRecovered(
      rollout,
      incident,
      `${availableReplicas} of ${desiredReplicas} pods are available`,
      now,
    );
  }
  const message = `Waiting for ${nameRevision(rollout.revision)} to serve again.`;
  return { ...base(message), findings, wakeAts: [...dueTimes(findings), deadlineAt] };
}

/**
 * The restored revision is judged like a new one, from the rollback on: without a baseline, but compared with how it was
 * before.
 */
function asRestored(rollout: Rollout, startedAt: number): Rollout {
  const { history, revision, progressedAt } = rollout;
  return {
    ...rollout,
    startedAt,
    progressedAt: Math.max(startedAt, progressedAt),
    completedAt: undefined,
    baseline: undefined,
    before: knownOf(history, revision.hash).entry,
  };
}

/** As long as the failed revision needed to show itself. */
function proofMs({ spec }: IncidentView): number {
  const shownMs = Date.parse(spec.detectedAt) - Date.parse(spec.rolloutStartedAt);
  return Math.min(Math.max(PROOF_MS, shownMs), LONGEST_PROOF_MS);
}

/**
 * An Incident that ended as NotRecovered, and whose revision serves after all: a late recovery ends the story. Undefined while
 * it does not.
 */
export function lateRecovery(rollout: Rollout, now: number): Outcome | undefined {
  const incident = lastRestored(rollout.snapshot, rollout.revision);
  if (incident?.status?.phase !== "NotRecovered") return undefined;
  const sentAt = Date.parse(undoStep(incident.status)?.startedAt ?? incident.spec.detectedAt);
  const verified = asRestored(rollout, sentAt);
  const servingAt = servingSince(verified, sentAt);
  const isClean = runChecks(verified, now).every(
    ({ verdict }) => verdict !== "pending" && verdict !== "failing",
  );
  if (servingAt === undefined || !isClean) return undefined;
  const provenAt = servingAt + proofMs(incident);
  if (now >= provenAt) return recovered(rollout, incident, servingAt, now);
  const message = `${incident.status.message} It serves again, and is watched until ${rfc3339(provenAt)}.`;
  return { ...quiet("NotRecovered", "NotRecovered", message), wakeAts: [provenAt] };
}

function sent(rollout: Rollout, incident: IncidentView, now: number): Outcome {
  const from = incident.spec.failedRevision;
  const undo = {
    startedAt: undoStep(incident.status)?.startedAt ?? rfc3339(sentAt(rollout, incident) ?? now),
    from: from.hash,
    to: rollout.revision.hash,
    generation: rollout.workload.generation,
  };
  const message = `Rolled back from ${nameRevision(from)} to ${nameRevision(rollout.revision)}; waiting for service.`;
  const effects: Effect[] = [
    transition(rollout, incident, "Verifying", message, now, { undo }),
    { type: "publishEvent", event: rolledBack(incident, rollout.revision) },
  ];
  return { ...base(message), effects };
}

/** When the patch was made, by its own word on the workload. */
function sentAt({ workload }: Rollout, { name }: IncidentView): number | undefined {
  return workload.rolledBack?.incident === name ? workload.rolledBack.at : undefined;
}

function recovered(rollout: Rollout, incident: IncidentView, servingAt: number, now: number): Outcome {
  const message = `${capital(restoredName(rollout, incident))} serves again.`;
  const status = withTransition(incident, rollout.snapshot, "Recovered", message, now, { servingAt });
  const ended = { ...incident, status };
  const incidents = rollout.snapshot.incidents.map((one) => (one.name === incident.name ? ended : one));
  const settled = settledOutcome({ ...rollout, snapshot: { ...rollout.snapshot, incidents } }, now);
  return { ...settled, effects: [{ type: "updateIncident", name: incident.name, status }] };
}

function notRecovered(rollout: Rollout, incident: IncidentView, why: string, now: number): Outcome {
  const message = `${capital(restoredName(rollout, incident))} was restored but is still not serving: ${why}. RolloutGuard will not try again.`;
  return {
    ...base(message),
    phase: "NotRecovered",
    reason: "NotRecovered",
    effects: [
      transition(rollout, incident, "NotRecovered", message, now),
      { type: "publishEvent", event: workloadNotRecovered(incident, message) },
      { type: "publishEvent", event: guardNotRecovered(incident, message) },
    ],
  };
}

/** Undo renumbers: the restored revision has a new number, and people know it by the old one. */
function restoredName({ revision }: Rollout, { spec }: IncidentView): string {
  const former = spec.restoreRevision?.revision;
  const name = nameRevision(revision);
  return former === undefined || former === revision.revision
    ? name
    : `${name}, formerly revision ${former},`;
}

function base(message: string): Outcome {
  return { phase: "RollingBack", reason: "Verifying", message, findings: [], effects: [], wakeAts: [] };
}
