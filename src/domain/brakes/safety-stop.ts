// The writes hold a rollback back that no rule should have decided: people have to hear of it. Pure.
import { rfc3339 } from "../rfc3339.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const safetyStop: BrakeRule = ({ snapshot }, _headline, now) => {
  const { stoppedUntilAt } = snapshot.surroundings;
  if (stoppedUntilAt === undefined || now >= stoppedUntilAt) return undefined;
  return {
    reason: "SafetyStop",
    message: `${SAFETY_STOP} The next rollback is possible at ${rfc3339(stoppedUntilAt)}.`,
    untilAt: stoppedUntilAt,
  };
};

/** What people hear of it, wherever it is said. */
export const SAFETY_STOP =
  "RolloutGuard stopped itself: it sent more rollbacks within an hour than its limits allow. This is a bug; please report it.";
