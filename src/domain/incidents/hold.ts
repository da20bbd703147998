// The rollout fails and a brake applies: no rollback, and Incident, guard and Events say why, once for each brake. Pure.
import type { Brake, Finding } from "../decision.ts";
import { type Effect, eventEffect } from "../effects/effect.ts";
import { guardHeld, workloadHeld } from "../notices/events.ts";
import { dueTimes, type Outcome } from "../outcome.ts";
import { RECHECK_MS } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { type RecordedIncident, transition } from "./incident-status.ts";

/** Holds the Incident, and says so once for each brake. */
export function hold(
  rollout: Rollout,
  incident: RecordedIncident,
  brake: Brake,
  findings: readonly Finding[],
  now: number,
): Outcome {
  const effects = isReported(incident, brake)
    ? []
    : [transition(rollout, incident, "Held", noRollback(brake), now, { brake }), ...events(incident, brake)];
  const outcome = held(incident, brake, findings);
  // A container that runs on has found its feet, and nothing happens that would say so.
  return { ...outcome, effects, wakeAts: [...outcome.wakeAts, brake.untilAt ?? now + RECHECK_MS] };
}

/**
 * An Incident that stays held. Words that are in the Incident are repeated, those of the failure and those of the
 * brake: they do not change with every restart and count, and two operators say the same.
 */
export function held(incident: RecordedIncident, brake: Brake, findings: readonly Finding[]): Outcome {
  const { spec, status } = incident;
  const reported = isReported(incident, brake) ? (status?.brake ?? brake) : brake;
  return {
    phase: "Failing",
    reason: spec.reason,
    message: `${spec.message}. ${noRollback(reported)}`,
    findings,
    brake,
    effects: [],
    wakeAts: [...dueTimes(findings), brake.untilAt],
  };
}

function noRollback({ message }: Pick<Brake, "message">): string {
  return `No rollback: ${message}`;
}

/** Whether the Incident says already that this brake applies. */
export function isReported({ status }: RecordedIncident, brake: Brake): boolean {
  return status?.phase === "Held" && status.brake?.reason === brake.reason;
}

function events(incident: RecordedIncident, brake: Brake): readonly Effect[] {
  return [eventEffect(workloadHeld(incident, brake)), eventEffect(guardHeld(incident, brake))];
}
