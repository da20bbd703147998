// How long a fault may last before it counts: by what the evidence proves, and by whether anybody is hurt meanwhile.
// Waiting costs nothing while every Service has the endpoints that it had before the rollout; a wrong rollback always costs
// a release (design, section 4; docs/how-it-decides.md shows the same as a table).

import type { Complaint } from "../rollout/complaints.ts";
import { losesService, MORE_THAN_A_QUARTER } from "../rollout/loss.ts";
import { BEHAVIOUR_MS } from "../rollout/patience.ts";
import type { Rollout } from "../rollout/rollout.ts";

/**
 * What a finding rests on: a complaint of a component of Kubernetes; one about something that this release did not change; or
 * what the release's own pods do.
 */
export type Evidence = Complaint | "unchanged" | "behaviour";

/** How long a fault may last, in ms. Infinity: until the workload's own deadline. */
export interface Patience {
  /** While a Service loses endpoints. */
  readonly urgentMs: number;
  /** While nobody is hurt. */
  readonly patientMs: number;
}

/**
 * An operator (External Secrets, cert-manager) creates what is missing within this time, or not at all; and a name server
 * that does not know a registry knows it again.
 */
const APPEARS_MS = 120_000;
/** Whoever is expected gets so long even while service is lost: a node, a driver, a registry that throttles. */
const EXPECTED_MS = 180_000;
/** Nobody is waited for longer than that, whatever the workload's own deadline is. */
const LONGEST_MS = 3_600_000;
/** A Service that loses an endpoint for a moment has lost nothing that speed would save. */
const SETTLE_MS = 10_000;
/** After a silence of the API server what happened in it is still arriving. */
const CATCH_UP_MS = 15_000;

/**
 * The patience with a fault.
 * @param urgentMs how long such a fault may last while service is lost, unless somebody is expected
 * @param explicitMs what the guard says, which is obeyed as written; undefined for Auto
 */
export function patienceWith(evidence: Evidence, urgentMs: number, explicitMs?: number): Patience {
  if (explicitMs !== undefined) return { urgentMs: explicitMs, patientMs: explicitMs };
  switch (evidence) {
    case "mistake":
      return { urgentMs, patientMs: urgentMs };
    case "missingObject":
    case "unclear":
      return { urgentMs, patientMs: Math.max(urgentMs, APPEARS_MS) };
    case "behaviour":
      return { urgentMs, patientMs: Math.max(urgentMs, BEHAVIOUR_MS) };
    case "unchanged":
      return { urgentMs, patientMs: Number.POSITIVE_INFINITY };
    case "expected":
      return { urgentMs: Math.max(urgentMs, EXPECTED_MS), patientMs: Number.POSITIVE_INFINITY };
  }
}

/** A pod that crashes between two starts takes its endpoint with it: a third is no emergency. */
export const MORE_THAN_A_THIRD = 1 / 3;

/**
 * When a fault that began at `sinceAt` counts (epoch ms). The clock begins again when an outage of the environment ended,
 * and does not run out in a time in which nothing was read.
 */
export function countsAt(
  rollout: Rollout,
  sinceAt: number,
  { urgentMs, patientMs }: Patience,
  tolerated: number = MORE_THAN_A_QUARTER,
): number {
  const beganAt = Math.max(sinceAt, rollout.clocksFromAt);
  const patientAt = Number.isFinite(patientMs) ? beganAt + patientMs : deadlineAt(rollout, beganAt);
  const { loss, snapshot } = rollout;
  const isHurt = losesService(rollout, tolerated);
  const urgentAt = Math.max(beganAt + urgentMs, loss.sinceAt + Math.min(SETTLE_MS, urgentMs));
  const at = isHurt ? Math.min(patientAt, urgentAt) : patientAt;
  const { currentSinceAt } = snapshot.surroundings;
  return currentSinceAt === undefined ? at : Math.max(at, currentSinceAt + CATCH_UP_MS);
}

/**
 * The workload's own deadline, counted from its last progress, and an hour at most. A fault that begins shortly before it gets as much
 * time as what the release does itself.
 */
export function deadlineAt({ workload, progressedAt, completedAt }: Rollout, sinceAt: number): number {
  const deadlineMs = workload.progressDeadlineSeconds * 1_000;
  const fromAt = completedAt === undefined ? Math.max(progressedAt, 0) : sinceAt;
  const soonestAt = sinceAt + Math.min(BEHAVIOUR_MS, deadlineMs);
  return Math.min(Math.max(fromAt + deadlineMs, soonestAt), sinceAt + LONGEST_MS);
}
