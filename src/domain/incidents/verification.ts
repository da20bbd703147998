// After our rollback: is service restored? Pure. One answer ends the Incident; there is no second automatic try.

import { phaseOf } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import { runChecks } from "../checks/ordered-checks.ts";
import type { Effect } from "../decision.ts";
import { dueTimes, type Outcome } from "../outcome.ts";
import { rfc3339 } from "../rfc3339.ts";
import { isServing, settledOutcome } from "../rollout/progress.ts";
import { capital, nameRevision } from "../rollout/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { failureSentence } from "./failure-sentence.ts";
import { transition, withTransition } from "./incident-status.ts";

/** The workload is at the revision that the Incident restores: note that, then wait for service, and say how it ended. */
export function verify(rollout: Rollout, incident: IncidentView, now: number): Outcome {
  if (phaseOf(incident) !== "Verifying") return sent(rollout, incident, now);
  const startedAt = Date.parse(undoStep(incident.status)?.startedAt ?? incident.spec.detectedAt);
  if (isRestored(rollout)) return recovered(rollout, incident, now);
  // The restored revision is judged like a new one, from the rollback on, without a baseline of its own.
  const findings = runChecks({ ...rollout, startedAt, completedAt: undefined, baseline: undefined }, now);
  const failing = findings.find((finding) => finding.verdict === "failing");
  if (failing) return notRecovered(rollout, incident, failing.message, now);
  const deadlineAt = startedAt + rollout.workload.progressDeadlineSeconds * 1_000;
  if (now >= deadlineAt) {
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

/** Complete, and every bound Service has the endpoints that these pods give it; nothing is asked where nothing is wanted. */
function isRestored(rollout: Rollout): boolean {
  const { workload } = rollout;
  return workload.desiredReplicas === 0 ? rulesOf(workload).isFullyAvailable(workload) : isServing(rollout);
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
  const event = `${failureSentence(incident.spec)} Rolled back to ${nameRevision(rollout.revision)} (Incident ${incident.name})`;
  const effects: Effect[] = [
    transition(rollout, incident, "Verifying", message, now, { undo }),
    {
      type: "publishEvent",
      event: { on: "Workload", type: "Warning", reason: "RollingBack", message: event },
    },
  ];
  return { ...base(message), effects };
}

/** When the patch was made, by its own word on the workload. */
function sentAt({ workload }: Rollout, { name }: IncidentView): number | undefined {
  return workload.rolledBack?.incident === name ? workload.rolledBack.at : undefined;
}

function recovered(rollout: Rollout, incident: IncidentView, now: number): Outcome {
  const message = `${capital(restoredName(rollout, incident))} serves again.`;
  const status = withTransition(incident, rollout.snapshot, "Recovered", message, now);
  const ended = { ...incident, status };
  const incidents = rollout.snapshot.incidents.map((one) => (one.name === incident.name ? ended : one));
  const settled = settledOutcome({ ...rollout, snapshot: { ...rollout.snapshot, incidents } }, now);
  return { ...settled, effects: [{ type: "updateIncident", name: incident.name, status }] };
}

function notRecovered(rollout: Rollout, incident: IncidentView, why: string, now: number): Outcome {
  const message = `${capital(restoredName(rollout, incident))} was restored and does not serve: ${why}. Nothing more is done by itself.`;
  const event = {
    type: "Warning",
    reason: "NotRecovered",
    message: `${message} (Incident ${incident.name})`,
  } as const;
  return {
    ...base(message),
    phase: "NotRecovered",
    reason: "NotRecovered",
    effects: [
      transition(rollout, incident, "NotRecovered", message, now),
      { type: "publishEvent", event: { on: "Workload", ...event } },
      { type: "publishEvent", event: { on: "RolloutGuard", ...event } },
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
