// A rollout without failure: is it judged at all, is it in progress, baking, or good? Pure.

import type { Finding } from "../decision.ts";
import { incidentAbout, lastRestored } from "../incidents/incident-roles.ts";
import { dueTimes, type Outcome, quiet } from "../outcome.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { nameRevision, verdictOf } from "./revisions.ts";
import type { Rollout } from "./rollout.ts";
import { servicesHave } from "./services.ts";

/** How often to look again where nothing else tells that it is time: after the bake time, while there is trouble elsewhere. */
export const RECHECK_MS = 15_000;

/**
 * Whether the checks apply. Not to a revision that is already good, not to one that our own rollback restored
 * (a rollback is never rolled back), and not to a rollout that had baked before the guard was made. An open Incident
 * keeps them going until it has ended.
 */
export function isJudged(rollout: Rollout): boolean {
  const { snapshot, revision, completedAt, policy } = rollout;
  if (incidentAbout(snapshot, revision)) return true;
  if (verdictOf(snapshot, revision.hash) === "Good" || lastRestored(snapshot, revision)) return false;
  return completedAt === undefined || completedAt + policy.bakeTimeMs > snapshot.guard.createdAt;
}

/** Fully available, with all bound Services' endpoints, through the bake time, and no sign of trouble left. */
export function hasBaked(rollout: Rollout, findings: readonly Finding[], now: number): boolean {
  const { completedAt } = rollout;
  return (
    completedAt !== undefined &&
    now >= bakedAt(rollout, completedAt) &&
    isServing(rollout) &&
    findings.every(({ verdict }) => verdict === "healthy")
  );
}

/** When the bake time is over; after that, now and then, for as long as a sign of trouble lasts. */
export function nextBakeLook(rollout: Rollout, now: number): number {
  const overAt = bakedAt(rollout, rollout.completedAt ?? now);
  return overAt > now && Number.isFinite(overAt) ? overAt : now + RECHECK_MS;
}

/**
 * It bakes from completion on; where none of the rollout's own pods are left, from when those were made that speak
 * instead. Without any pod there is nobody to bake.
 */
function bakedAt({ pods, policy }: Rollout, completedAt: number): number {
  return Math.max(completedAt, Math.min(...pods.map(({ createdAt }) => createdAt))) + policy.bakeTimeMs;
}

/** All pods available and every bound Service with endpoints, now. */
export function isServing({ workload, services }: Rollout): boolean {
  return (
    rulesOf(workload).isFullyAvailable(workload) && services.every(({ readyEndpoints }) => readyEndpoints > 0)
  );
}

/** The outcome of a judged rollout that does not fail. */
export function progressOf(rollout: Rollout, findings: readonly Finding[], now: number): Outcome {
  const { revision, completedAt, policy, workload } = rollout;
  const name = nameRevision(revision);
  const wakeAts = dueTimes(findings);
  if (completedAt === undefined) {
    return workload.isPaused
      ? {
          ...quiet("Progressing", "Paused", `The ${workload.kind} is paused while ${name} rolls out.`),
          findings,
          wakeAts,
        }
      : { ...quiet("Progressing", "RolloutProgressing", `Rolling out ${name}.`), findings, wakeAts };
  }
  if (hasBaked(rollout, findings, now)) {
    return {
      ...quiet("Healthy", "RolloutGood", `Running ${name}, which is good.`),
      findings,
      earned: "Good",
    };
  }
  const waitsFor =
    now < bakedAt(rollout, completedAt)
      ? ` and stays watched for ${policy.spec.bakeTime}`
      : `; it counts as good as soon as ${whatLacks(rollout)}`;
  return {
    ...quiet("Baking", "RolloutBaking", `The rollout of ${name} is complete${waitsFor}.`),
    findings,
    wakeAts: [...wakeAts, nextBakeLook(rollout, now)],
    earned: "Completed",
  };
}

/** What keeps a rollout from being good when its bake time is over. */
function whatLacks({ workload, services }: Rollout): string {
  if (!rulesOf(workload).isFullyAvailable(workload)) return "all pods are available";
  const empty = services.filter(({ readyEndpoints }) => readyEndpoints === 0);
  return empty.length === 0 ? "nothing points to a failure any more" : `${servicesHave(empty)} endpoints`;
}

/** The outcome of a rollout that is not judged. */
export function settledOutcome(rollout: Rollout, now: number): Outcome {
  const { snapshot, revision } = rollout;
  const name = nameRevision(revision);
  const restored = lastRestored(snapshot, revision);
  if (restored?.status?.phase === "NotRecovered" && !isServing(rollout)) {
    return quiet("NotRecovered", "NotRecovered", `${restored.status.message} See Incident ${restored.name}.`);
  }
  if (verdictOf(snapshot, revision.hash) === "Good")
    return quiet("Healthy", "RolloutGood", `Running ${name}, which is good.`);
  if (restored) return progressOf(rollout, [], now);
  return isServing(rollout)
    ? { ...quiet("Healthy", "RolloutGood", `Running ${name}, which is good.`), earned: "Good" }
    : quiet(
        "NotEvaluated",
        "BeforeGuard",
        `The rollout of ${name} ended before the guard was made; it is not judged.`,
      );
}
