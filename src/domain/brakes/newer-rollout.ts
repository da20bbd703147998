// The workload's controller has not seen its present spec: what the status says is about the one before. Pure.
import { isObserved } from "../workload/observed.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const newerRollout: BrakeRule = ({ workload }) =>
  isObserved(workload)
    ? undefined
    : {
        reason: "NewerRollout",
        message: `The ${workload.kind} was just changed; RolloutGuard checks that change first.`,
      };
