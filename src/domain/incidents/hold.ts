// The rollout fails and a brake applies: nothing is done, and Incident, guard and Events say why, once for each brake. Pure.
import type { Brake, Effect, Finding } from "../decision.ts";
import { dueTimes, type Outcome } from "../outcome.ts";
import { capital, nameRevision } from "../rollout/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { type RecordedIncident, transition } from "./incident-status.ts";

/** Holds the Incident. Its own words are repeated, not the newest finding's: they do not change with every restart. */
export function hold(
  rollout: Rollout,
  incident: RecordedIncident,
  brake: Brake,
  findings: readonly Finding[],
  now: number,
): Outcome {
  const { reason } = incident.spec;
  const nothingDone = `Nothing is done: ${brake.message}`;
  const effects = isTold(incident, brake)
    ? []
    : [
        transition(rollout, incident, "Held", nothingDone, now, { brake }),
        ...events(rollout, incident, brake),
      ];
  const message = `${incident.spec.message}. ${nothingDone}`;
  return {
    phase: "Failing",
    reason,
    message,
    findings,
    brake,
    effects,
    wakeAts: [...dueTimes(findings), brake.untilAt],
  };
}

/** Whether the Incident says already that this brake applies. */
export function isTold({ status }: RecordedIncident, brake: Brake): boolean {
  return status?.phase === "Held" && status.brake?.reason === brake.reason;
}

function events({ revision }: Rollout, { name, spec }: RecordedIncident, brake: Brake): readonly Effect[] {
  const message = `${capital(nameRevision(revision))} fails: ${spec.message}. Nothing is done: ${brake.message} (Incident ${name})`;
  return [
    { type: "publishEvent", event: { on: "Deployment", type: "Warning", reason: spec.reason, message } },
    { type: "publishEvent", event: { on: "RolloutGuard", type: "Warning", reason: brake.reason, message } },
  ];
}
