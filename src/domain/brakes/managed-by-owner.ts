// Somebody else makes the workload as it wants it, and would undo a rollback. Pure.
import { RECHECK_MS } from "../rollout/progress.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const managedByOwner: BrakeRule = ({ workload, snapshot }, _headline, now) => {
  const { kind, owner } = workload;
  if (owner) {
    return {
      reason: "ManagedByOwner",
      message: `A rollback would not last: ${owner.kind} ${owner.name} controls this ${kind} and would undo it. Roll back ${owner.kind} ${owner.name} instead.`,
    };
  }
  const { canary } = snapshot.surroundings;
  if (canary === undefined) return undefined;
  return {
    reason: "ManagedByOwner",
    message: `A rollback would not last: Flagger manages this ${kind} for Canary ${canary} and would treat the rollback as a new release.`,
    // The guard is not woken when the Canary goes.
    untilAt: now + RECHECK_MS,
  };
};
