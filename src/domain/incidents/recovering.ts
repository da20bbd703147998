// An open Incident of which no check says that it fails now. It ends when the rollout has baked. Pure.
import type { Brake, Finding } from "../decision.ts";
import { capital, nameRevision } from "../history/revisions.ts";
import { dueTimes, type Outcome, quiet } from "../outcome.ts";
import { hasBaked, nextBakeCheckAt } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { held, isReported } from "./hold.ts";
import { transition } from "./incident-status.ts";

/**
 * So long after the last word about it an Incident may be said to have no signs of trouble. Two operators need not see
 * the same at the same moment (Events come late); without this they would contradict each other many times a second.
 */
const GONE_MS = 30_000;

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
    message: `No check fails any more; ${name} is watched until its bake time ends.`,
  };
  const { reason, message } = brake;
  const phase = rollout.completedAt === undefined ? "Progressing" : "Baking";
  const wakeAts = [...dueTimes(findings), nextBakeCheckAt(rollout, now)];
  const watched: Outcome = { phase, reason, message, findings, brake, effects: [], wakeAts };
  if (isReported(incident, brake)) return watched;
  const goneAt = lastWordAt(incident) + GONE_MS;
  if (now < goneAt || isAnythingPending(findings)) {
    return { ...unchanged(incident, findings), wakeAts: [...wakeAts, goneAt] };
  }
  const effects = [transition(rollout, incident, "Held", message, now, { brake })];
  return { ...watched, effects };
}

/**
 * What is timed from when an operator saw it begins anew after its start (docs/adr/0006): until the check has made up
 * its mind again, the signs are not gone.
 */
function isAnythingPending(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === "pending");
}

function lastWordAt({ spec, status }: IncidentView): number {
  return Date.parse(status?.timeline.at(-1)?.at ?? spec.detectedAt);
}

/** The Incident stays what it is, with its own words. */
function unchanged(incident: IncidentView, findings: readonly Finding[]): Outcome {
  const { spec, status } = incident;
  if (status?.brake !== undefined) return held(incident, status.brake, findings);
  return { ...quiet("RollingBack", "RollingBack", spec.message), findings };
}
