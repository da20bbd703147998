// What judging one rollout came to, before the guard's status is drawn up from it. Pure.
import type { Reason } from "../api/reasons.ts";
import type { FreezeRecord, GuardPhase } from "../api/rollout-guard.ts";
import type { Decision, Finding } from "./decision.ts";
import type { Ground } from "./snapshot/ground.ts";
import type { Question } from "./snapshot/question.ts";

export interface Outcome extends Omit<Decision, "wakeAt" | "questions" | "restsOn"> {
  /** What the effects rest on; undefined: what the failing findings rest on, and everything where none fails. */
  readonly restsOn?: readonly Ground[] | undefined;
  readonly questions?: readonly Question[] | undefined;
  /** When to look again; what is past or undefined is left out later. */
  readonly wakeAts: readonly (number | undefined)[];
  /** A state of a moment that is not worth a change of the guard's status. */
  readonly isPassing?: true | undefined;
  /** A rollback that is being watched: the guard's status shows it, though its Incident says the same. */
  readonly isShown?: true | undefined;
  /** What is noted of a pause of the rollout by RolloutGuard; undefined: what was noted stays. */
  readonly freeze?: FreezeRecord | undefined;
  /** The rollout's revision has just earned this verdict. */
  readonly earned?: "Good" | "Completed" | undefined;
}

/** An outcome with nothing to do. */
export function quiet(phase: GuardPhase, reason: Reason, message: string): Outcome {
  return { phase, reason, message, findings: [], effects: [], wakeAts: [] };
}

/** When the pending findings come due. */
export function dueTimes(findings: readonly Finding[]): readonly (number | undefined)[] {
  return findings.map((finding) => (finding.verdict === "pending" ? finding.untilAt : undefined));
}
