// Somebody else makes the workload as it wants it, and would undo a rollback. Pure.
import { RECHECK_MS } from "../rollout/progress.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const managedByOwner: BrakeRule = ({ workload, snapshot }, _headline, now) => {
  const { kind, owner } = workload;
  if (owner) {
    return {
      reason: "ManagedByOwner",
      message: `A rollback would not hold: ${owner.kind} ${owner.name} controls this ${kind} and would undo it. Go back there.`,
    };
  }
  const { canary } = snapshot.surroundings;
  if (canary === undefined) return undefined;
  return {
    reason: "ManagedByOwner",
    message: `A rollback would not hold: Flagger releases this ${kind} for Canary ${canary} and would take the rollback for a new release.`,
    // The guard is not woken when the Canary goes.
    untilAt: now + RECHECK_MS,
  };
};
