// What would let a bad release look good, stated while all is well: the guard's condition about probes. Pure.
import type { Condition } from "../../api/condition.ts";
import { hasNoReadinessProbe } from "../causes/no-readiness-probe.ts";
import { nameRevision } from "../history/revisions.ts";
import type { RevisionView } from "../snapshot/revision.ts";

/** The type of the condition. */
export const PROBED = "ReadinessProbed";

/** Whether anything asks the pods of the revision if they work. It changes only with the template. */
export function probedCondition(revision: RevisionView): Pick<Condition, "status" | "reason" | "message"> {
  if (!hasNoReadinessProbe(revision.template)) {
    return {
      status: "True",
      reason: "ReadinessProbed",
      message: "A readiness probe checks whether the pods can serve.",
    };
  }
  return {
    status: "False",
    reason: "NoReadinessProbe",
    message:
      `No container of ${nameRevision(revision)} has a readiness probe, so Kubernetes reports its pods as ready as soon as they run, ` +
      "and a broken release looks complete. Add a readinessProbe.",
  };
}
