// All brakes, in the order in which they are asked: the first that applies is the one that people see. Pure.
// What is right and what is allowed are separate: checks say what is wrong, brakes why a rollback is not made now.
import type { Brake, FailingFinding } from "../decision.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { BrakeRule } from "./brake-rule.ts";
import { initContainerRunning } from "./init-container-running.ts";
import { cooldown, rollbackLimit } from "./limits.ts";
import { managedByOwner } from "./managed-by-owner.ts";
import { newerRollout } from "./newer-rollout.ts";
import { noRollbackTarget } from "./no-rollback-target.ts";
import { observeMode } from "./observe-mode.ts";
import { paused } from "./paused.ts";
import { reappliedAgain } from "./reapplied-again.ts";
import { refused } from "./refused.ts";
import { safetyStop } from "./safety-stop.ts";
import { veto } from "./veto.ts";
import { wouldNotHelp } from "./would-not-help/ordered-objections.ts";

const ORDERED_BRAKES: readonly BrakeRule[] = Object.freeze([
  veto, // what people decided
  observeMode,
  managedByOwner, // who decides instead
  paused,
  noRollbackTarget, // where there is nothing to go back to
  reappliedAgain, // where it would not last
  wouldNotHelp, // where it would cure nothing
  initContainerRunning, // where it would do harm
  newerRollout, // what is not observed yet
  safetyStop, // how often was enough
  rollbackLimit,
  cooldown,
  refused, // what the API server does not let pass
]);

/** Either a rollback to this revision is allowed, or a brake applies. */
export type Clearance = { readonly restore: RevisionView } | { readonly brake: Brake };

/** The first brake that applies, or the revision to restore. */
export function clearanceOf(rollout: Rollout, headline: FailingFinding, now: number): Clearance {
  for (const rule of ORDERED_BRAKES) {
    const brake = rule(rollout, headline, now);
    if (brake) return { brake };
  }
  const { restore } = rollout;
  if ("none" in restore) throw new Error("a rollout without a revision to restore has passed its brake");
  return { restore: restore.revision };
}
