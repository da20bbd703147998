// What a check says that fails, for tests of what follows from it.
import type { FindingReason } from "../../api/reasons.ts";
import type { FailingFinding } from "../decision.ts";
import { T0 } from "./instants.ts";

/** A failing finding of that reason, since T0; of a check that does not matter. */
export function failing(reason: FindingReason, more: Partial<FailingFinding> = {}): FailingFinding {
  return {
    check: "readiness",
    verdict: "failing",
    reason,
    message: "",
    sinceAt: T0,
    evidence: [],
    restsOn: [],
    ...more,
  };
}
