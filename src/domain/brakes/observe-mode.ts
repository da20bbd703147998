// The guard, or the whole operator, only observes. Pure.
import type { BrakeRule } from "./brake-rule.ts";

export const observeMode: BrakeRule = ({ snapshot, policy }) => {
  if (snapshot.surroundings.observeOnly) {
    return { reason: "ObserveMode", message: "The operator runs with --observe-only and changes nothing." };
  }
  if (policy.spec.mode !== "Observe") return undefined;
  return {
    reason: "ObserveMode",
    message: "The guard's mode is Observe; set spec.mode to Rollback to allow rollbacks.",
  };
};
