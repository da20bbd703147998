// An open Incident whose signs of trouble are gone. It ends when the rollout has baked. Pure.
import type { Brake, Finding } from "../decision.ts";
import { dueTimes, type Outcome } from "../outcome.ts";
import { hasBaked, nextBakeLook } from "../rollout/progress.ts";
import { capital, nameRevision } from "../rollout/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot.ts";
import { isTold } from "./hold.ts";
import { transition } from "./incident-status.ts";

export function recovering(
  rollout: Rollout,
  incident: IncidentView,
  findings: readonly Finding[],
  now: number,
): Outcome {
  const name = nameRevision(rollout.revision);
  if (hasBaked(rollout, findings, now)) {
    const message = `${capital(name)} recovered without a rollback.`;
    const effects = [transition(rollout, incident, "Recovered", message, now)];
    return {
      phase: "Healthy",
      reason: "RolloutGood",
      message,
      findings,
      effects,
      wakeAts: [],
      earned: "Good",
    };
  }
  const brake: Brake = {
    reason: "SignsGone",
    message: `The signs of trouble are gone; ${name} is watched until it has baked.`,
  };
  const { reason, message } = brake;
  const effects = isTold(incident, brake)
    ? []
    : [transition(rollout, incident, "Held", message, now, { brake })];
  const wakeAts = [...dueTimes(findings), nextBakeLook(rollout, now)];
  return { phase: "Failing", reason, message, findings, brake, effects, wakeAts };
}
