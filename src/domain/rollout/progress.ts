// A rollout without failure: is it judged at all, is it in progress, baking, or good? Pure.

import type { Finding } from "../decision.ts";
import { incidentAbout, lastRestored } from "../history/incident-roles.ts";
import { capital, nameRevision } from "../history/revisions.ts";
import { dueTimes, type Outcome, quiet } from "../outcome.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import type { Rollout } from "./rollout.ts";
import { servicesHave } from "./services.ts";
import { disturbedAt, isServing, lackingServices } from "./serving.ts";

/** How often to look again where nothing else tells that it is time: after the bake time, while there is trouble elsewhere. */
export const RECHECK_MS = 15_000;

/**
 * Whether the checks apply. Not to a rollout that has proven itself, not to a revision that our own rollback restored
 * (a rollback is never rolled back), and not to a rollout that had baked before the guard was made. An open Incident
 * keeps them going until it has ended. A revision that was good in an earlier rollout is judged again in this one.
 */
export function isJudged(rollout: Rollout): boolean {
  const { snapshot, revision, completedAt, policy } = rollout;
  if (incidentAbout(snapshot, revision)) return true;
  if (isProven(rollout) || isRestored(rollout)) return false;
  const overAt = completedAt === undefined ? stalledAt(rollout) : completedAt + policy.bakeTimeMs;
  return overAt > snapshot.guard.createdAt;
}

/** When the rollout's deadline passed, or will: what had not moved for so long before the guard was made is a state. */
function stalledAt({ workload, progressedAt, snapshot }: Rollout): number {
  const movedAt = Math.max(progressedAt, ...snapshot.pods.map(({ createdAt }) => createdAt));
  return movedAt + workload.progressDeadlineSeconds * 1_000;
}

/** This very rollout has served through its bake time. */
export function isProven({ snapshot, revision, startedAt }: Rollout): boolean {
  const { current } = snapshot.guard.status;
  return (
    current?.provenAt !== undefined &&
    current.hash === revision.hash &&
    Math.abs(Date.parse(current.since) - startedAt) < 1_000
  );
}

/** The newest Incident restored it, and nobody has rolled out anything since. */
function isRestored({ snapshot, revision, startedAt }: Rollout): boolean {
  const incident = lastRestored(snapshot, revision);
  if (incident === undefined || cameAfterwards(snapshot, revision, incident)) return false;
  const endedAt = incident.status?.endedAt;
  return endedAt === undefined || startedAt <= Date.parse(endedAt);
}

/** So much the clocks of the operator and of the API server can differ. */
const CLOCKS_MS = 10_000;

/** An Incident is there before its rollback: one that came after this rollout had begun has not restored it. */
function cameAfterwards({ guard }: Snapshot, { hash }: RevisionView, { createdAt }: IncidentView): boolean {
  const { current } = guard.status;
  if (createdAt === undefined || current === undefined || current.hash !== hash) return false;
  return createdAt > Date.parse(current.since) + CLOCKS_MS;
}

/**
 * Available, with the endpoints of all bound Services, through the bake time, no sign of trouble in it, and all known that the guard
 * requires.
 */
export function hasBaked(rollout: Rollout, findings: readonly Finding[], now: number): boolean {
  return (
    isBakeTimeOver(rollout, now) &&
    isServing(rollout) &&
    findings.every(({ verdict }) => verdict !== "failing" && verdict !== "pending") &&
    requiredUnknown(findings) === undefined
  );
}

/** What the guard requires to know, and nobody does, in words. */
function requiredUnknown(findings: readonly Finding[]): string | undefined {
  const lacking = findings.flatMap((finding) =>
    finding.verdict === "unknown" && finding.isRequired ? [finding.message] : [],
  );
  return lacking.length > 0 ? lacking.join("; ") : undefined;
}

/** Whether its bake time is over before the eyes of this operator, whatever keeps it from being good. */
export function isBakeTimeOver(rollout: Rollout, now: number): boolean {
  return rollout.completedAt !== undefined && now >= bakedAt(rollout, rollout.completedAt);
}

/** When the bake time is over; after that, now and then, for as long as a sign of trouble lasts. */
export function nextBakeCheckAt(rollout: Rollout, now: number): number {
  const overAt = bakedAt(rollout, rollout.completedAt ?? now);
  return overAt > now && Number.isFinite(overAt) ? overAt : now + RECHECK_MS;
}

/**
 * It bakes from completion on, and again from the last sign of trouble; where none of the rollout's own pods are left,
 * from when those were made that speak instead. Without any pod there is nobody to bake.
 */
function bakedAt(rollout: Rollout, completedAt: number): number {
  const { pods, policy } = rollout;
  const oldestAt = Math.min(...pods.map(({ createdAt }) => createdAt));
  return Math.max(completedAt, oldestAt, disturbedAt(rollout)) + policy.bakeTimeMs;
}

/** The outcome of a judged rollout that does not fail. */
export function progressOf(rollout: Rollout, findings: readonly Finding[], now: number): Outcome {
  const { revision, completedAt, policy, workload } = rollout;
  const name = nameRevision(revision);
  const wakeAts = dueTimes(findings);
  if (completedAt === undefined) {
    return workload.isPaused
      ? {
          ...quiet("Progressing", "Paused", `The ${workload.kind} is paused during the rollout of ${name}.`),
          findings,
          wakeAts,
        }
      : { ...quiet("Progressing", "RolloutProgressing", `Rolling out ${name}.`), findings, wakeAts };
  }
  if (hasBaked(rollout, findings, now)) {
    return {
      ...quiet("Healthy", "RolloutGood", `${capital(name)} is healthy.`),
      findings,
      earned: "Good",
    };
  }
  const isDisturbed = disturbedAt(rollout) > 0;
  const waitsFor = !isBakeTimeOver(rollout, now)
    ? isDisturbed
      ? `; its pods have failed or been unready since, so RolloutGuard watches it for another ${policy.spec.bakeTime}`
      : `; RolloutGuard watches it for ${policy.spec.bakeTime}`
    : `; it becomes good when ${missingForGood(rollout, findings)}`;
  return {
    ...quiet("Baking", "RolloutBaking", `The rollout of ${name} is complete${waitsFor}.`),
    findings,
    wakeAts: [...wakeAts, nextBakeCheckAt(rollout, now)],
    earned: "Completed",
  };
}

/** What keeps a rollout from being good when its bake time is over. */
function missingForGood(rollout: Rollout, findings: readonly Finding[]): string {
  if (!rulesOf(rollout.workload).isAvailable(rollout.workload, 1)) return "all pods are available";
  const empty = lackingServices(rollout);
  if (empty.length > 0) return `${servicesHave(empty)} endpoints`;
  const unknown = requiredUnknown(findings);
  return unknown === undefined
    ? "no check is failing or pending"
    : `its required checks have data: ${unknown}`;
}
