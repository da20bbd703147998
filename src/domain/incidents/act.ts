// What is done about a failing rollout: open an Incident, hold it, or go back. Intent first, then the act. Pure.
import { phaseOf } from "../../api/incident.ts";
import type { Clearance } from "../brakes/brakes.ts";
import type { Brake, Effect, FailingFinding, Finding, RollbackPlan } from "../decision.ts";
import { dueTimes, type Outcome } from "../outcome.ts";
import { hasBaked, nextBakeLook } from "../rollout/progress.ts";
import { nameRevision } from "../rollout/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView, RevisionView } from "../snapshot.ts";
import { restoredHash } from "./incident-roles.ts";
import { incidentName, incidentSpec, rfc3339, withTransition } from "./incident-status.ts";

/** What is wrong, and whether going back is allowed. */
export interface Failure {
  readonly headline: FailingFinding;
  readonly clearance: Clearance;
}

/** The rollout fails and nothing was recorded yet. */
export function openIncident(
  rollout: Rollout,
  failure: Failure,
  findings: readonly Finding[],
  now: number,
): Outcome {
  const { headline, clearance } = failure;
  const intent = "restore" in clearance ? "Rollback" : "Hold";
  const name = incidentName(rollout.snapshot.incidents, rollout.revision);
  const spec = incidentSpec(rollout, headline, findings, intent, now);
  const opened: Effect = { type: "openIncident", name, spec };
  if ("restore" in clearance) {
    const effects: Effect[] = [opened, { type: "rollBack", plan: planOf(rollout, clearance.restore, name) }];
    return rollingBack(rollout, failure, clearance.restore, findings, effects);
  }
  const { brake } = clearance;
  const status = withTransition({ spec }, rollout.snapshot, "Held", heldMessage(brake), now, { brake });
  return held(failure, findings, brake, [
    opened,
    { type: "updateIncident", name, status },
    ...heldEvents(rollout, headline, brake, name),
  ]);
}

/** An Incident about this rollout is open: act when the way has become free, say why when it is not, end it when all is well. */
export function resumeIncident(
  rollout: Rollout,
  incident: IncidentView,
  failure: Failure | undefined,
  findings: readonly Finding[],
  now: number,
): Outcome {
  if (!failure) return recovering(rollout, incident, findings, now);
  const { clearance, headline } = failure;
  if ("restore" in clearance) {
    const effects: Effect[] = [];
    if (phaseOf(incident) === "Held" || restoredHash(incident) !== clearance.restore.hash) {
      const message = `Going back to ${nameRevision(clearance.restore)}.`;
      const rollback = { startedAt: rfc3339(now), from: rollout.revision.hash, to: clearance.restore.hash };
      effects.push(transition(rollout, incident, "RollingBack", message, now, { rollback }));
    }
    effects.push({ type: "rollBack", plan: planOf(rollout, clearance.restore, incident.name) });
    return rollingBack(rollout, failure, clearance.restore, findings, effects);
  }
  const { brake } = clearance;
  const isTold = incident.status?.phase === "Held" && incident.status.brake?.reason === brake.reason;
  const effects = isTold
    ? []
    : [
        transition(rollout, incident, "Held", heldMessage(brake), now, { brake }),
        ...heldEvents(rollout, headline, brake, incident.name),
      ];
  return held(failure, findings, brake, effects);
}

/** The signs of trouble are gone. The Incident ends when the rollout has baked. */
function recovering(
  rollout: Rollout,
  incident: IncidentView,
  findings: readonly Finding[],
  now: number,
): Outcome {
  if (hasBaked(rollout, findings, now)) {
    const message = `${capital(nameRevision(rollout.revision))} recovered without a rollback.`;
    return {
      phase: "Healthy",
      reason: "RolloutGood",
      message,
      findings,
      effects: [transition(rollout, incident, "Recovered", message, now)],
      wakeAts: [],
      earned: "Good",
    };
  }
  const brake: Brake = {
    reason: "SignsGone",
    message: `The signs of trouble are gone; ${nameRevision(rollout.revision)} is watched until it has baked.`,
  };
  const isTold = incident.status?.phase === "Held" && incident.status.brake?.reason === brake.reason;
  const effects = isTold ? [] : [transition(rollout, incident, "Held", brake.message, now, { brake })];
  const wakeAts = [...dueTimes(findings), nextBakeLook(rollout, now)];
  return {
    phase: "Failing",
    reason: brake.reason,
    message: brake.message,
    findings,
    brake,
    effects,
    wakeAts,
  };
}

function rollingBack(
  rollout: Rollout,
  { headline }: Failure,
  restore: RevisionView,
  findings: readonly Finding[],
  effects: readonly Effect[],
): Outcome {
  const message = `Going back from ${nameRevision(rollout.revision)} to ${nameRevision(restore)}: ${headline.message}`;
  return { phase: "RollingBack", reason: "RollingBack", message, findings, effects, wakeAts: [] };
}

function held(
  failure: Failure,
  findings: readonly Finding[],
  brake: Brake,
  effects: readonly Effect[],
): Outcome {
  const message = `${failure.headline.message}. Nothing is done: ${brake.message}`;
  const wakeAts = [...dueTimes(findings), brake.untilAt];
  return { phase: "Failing", reason: failure.headline.reason, message, findings, brake, effects, wakeAts };
}

function heldMessage(brake: Brake): string {
  return `Nothing is done: ${brake.message}`;
}

function heldEvents(
  rollout: Rollout,
  headline: FailingFinding,
  brake: Brake,
  incident: string,
): readonly Effect[] {
  const message = `${capital(nameRevision(rollout.revision))} fails: ${headline.message}. ${heldMessage(brake)} (Incident ${incident})`;
  return [
    { type: "publishEvent", event: { on: "Deployment", type: "Warning", reason: headline.reason, message } },
    { type: "publishEvent", event: { on: "RolloutGuard", type: "Warning", reason: brake.reason, message } },
  ];
}

function transition(
  rollout: Rollout,
  incident: IncidentView,
  phase: "Held" | "RollingBack" | "Recovered",
  message: string,
  now: number,
  more: Parameters<typeof withTransition>[5] = {},
): Effect {
  const status = withTransition(incident, rollout.snapshot, phase, message, now, more);
  return { type: "updateIncident", name: incident.name, status };
}

function planOf({ deployment, revision }: Rollout, restore: RevisionView, incident: string): RollbackPlan {
  return {
    deployment: { name: deployment.name, uid: deployment.uid, generation: deployment.generation },
    from: { hash: revision.hash, revision: revision.revision },
    to: { hash: restore.hash, revision: restore.revision, replicaSet: restore.name },
    incident,
  };
}

/** A sentence's first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
