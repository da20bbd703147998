// What is asked before a rollback: would it cure anything? Pure.
import type { FailingFinding } from "../../decision.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { RevisionView } from "../../snapshot/revision.ts";

/** Why restoring `target` would not cure what the finding says, in a sentence; undefined when it can. */
export type Objection = (
  rollout: Rollout,
  headline: FailingFinding,
  target: RevisionView,
  now: number,
) => string | undefined;
