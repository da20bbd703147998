// After our own act: is service restored, and does it stay? Pure. There is no second automatic try.
import { formatDuration } from "../../api/duration.ts";
import { phaseOf } from "../../api/incident.ts";
import { freezeStep } from "../../api/incident-step.ts";
import type { SentAction, Verification } from "../actions/action.ts";
import { actionOf } from "../actions/actions.ts";
import { changeEffect, eventEffect, updateIncidentEffect } from "../effects/effect.ts";
import { lastRestored, newestOpen } from "../history/incident-roles.ts";
import { guardNotRecovered, workloadNotRecovered } from "../notices/events.ts";
import { type Outcome, quiet } from "../outcome.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { settledOutcome } from "../settled.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { type Freeze, freezeOf, frozenText, isFrozen } from "./freeze.ts";
import { transition, withTransition } from "./incident-status.ts";

/** Recovered is earned: so long at least nothing fails after service is back. */
const PROOF_MS = 60_000;
const LONGEST_PROOF_MS = 3_600_000;

/** The open Incident whose action was sent and stands. */
export function incidentActedOn(rollout: Rollout): IncidentView | undefined {
  return newestOpen(rollout.snapshot).find((incident) => actionOf(incident).isSent(rollout, incident));
}

/** The Incident's action was sent: note that, wait for service, see whether it lasts, and say how it ended. */
export function verify(rollout: Rollout, incident: IncidentView, now: number): Outcome {
  const action = actionOf(incident);
  if (phaseOf(incident) !== "Verifying") {
    return sent(rollout, incident, action.sent(rollout, incident, now), now);
  }
  const verification = action.verify(rollout, incident, now);
  switch (verification.is) {
    case "failed": {
      const freeze = freezeOf(rollout, incident, now);
      if (freeze) return { ...stopping(rollout, incident, freeze, now), restsOn: verification.restsOn };
      return notRecovered(rollout, incident, verification, now);
    }
    case "serving": {
      const { sinceAt, message, summary, findings, questions } = verification;
      const provenAt = sinceAt + proofMs(incident);
      if (now >= provenAt) return recovered(rollout, incident, message, sinceAt, now);
      const watched = `${summary} and is ${watchedFor(incident)}.`;
      return { ...base(watched), findings, questions, wakeAts: [provenAt], isShown: true };
    }
    case "waiting": {
      const { message, findings, questions, wakeAts } = verification;
      if (isFrozen(rollout, incident))
        return notRecovered(rollout, incident, { message, restsOn: ["pods"] }, now);
      return { ...base(message), findings, questions, wakeAts };
    }
  }
}

/** Without an instant: two operators saw service come back at different ones, and would overwrite each other's word. */
function watchedFor(incident: IncidentView): string {
  return `watched for ${formatDuration(proofMs(incident))}`;
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
  const verification = actionOf(incident).verify(rollout, incident, now);
  if (verification.is !== "serving") return undefined;
  const { sinceAt, message } = verification;
  const provenAt = sinceAt + proofMs(incident);
  if (now >= provenAt) return recovered(rollout, incident, message, sinceAt, now);
  const watched = `${incident.status.message} It is serving again now and is ${watchedFor(incident)}.`;
  return { ...quiet("NotRecovered", "NotRecovered", watched), wakeAts: [provenAt] };
}

function sent(
  rollout: Rollout,
  incident: IncidentView,
  { step, message, event, advice }: SentAction,
  now: number,
): Outcome {
  const effects = [
    transition(rollout, incident, "Verifying", message, now, { step, advice }),
    eventEffect(event),
  ];
  return { ...base(message), effects, restsOn: [] };
}

function recovered(
  rollout: Rollout,
  incident: IncidentView,
  message: string,
  servingAt: number,
  now: number,
): Outcome {
  const status = withTransition(incident, rollout.snapshot, "Recovered", message, now, { servingAt });
  const ended = { ...incident, status };
  const incidents = rollout.snapshot.incidents.map((one) => (one.name === incident.name ? ended : one));
  const settled = settledOutcome({ ...rollout, snapshot: { ...rollout.snapshot, incidents } }, now);
  return { ...settled, effects: [updateIncidentEffect(incident.name, status)] };
}

/** The intent to stop it is recorded once; the pause itself is sent until it is seen. */
function stopping(rollout: Rollout, incident: IncidentView, freeze: Freeze, now: number): Outcome {
  const { step, change, message } = freeze;
  const isMeant = freezeStep(incident.status) !== undefined;
  const intent = isMeant ? [] : [transition(rollout, incident, "Verifying", message, now, { step })];
  return { ...base(message), effects: [...intent, changeEffect(change)] };
}

function notRecovered(
  rollout: Rollout,
  incident: IncidentView,
  { message: what, restsOn }: Pick<Extract<Verification, { is: "failed" }>, "message" | "restsOn">,
  now: number,
): Outcome {
  const isStopped = isFrozen(rollout, incident);
  const message = `${what} ${isStopped ? frozenText(rollout, incident) : "RolloutGuard will not try again."}`;
  return {
    ...base(message),
    restsOn,
    phase: "NotRecovered",
    reason: "NotRecovered",
    effects: [
      transition(rollout, incident, "NotRecovered", message, now),
      eventEffect(workloadNotRecovered(incident, message)),
      eventEffect(guardNotRecovered(incident, message)),
    ],
  };
}

function base(message: string): Outcome {
  return { phase: "RollingBack", reason: "Verifying", message, findings: [], effects: [], wakeAts: [] };
}
