// What a decision is: data. Findings say what is wrong, a brake why nothing is done, effects what to do, wakeAt when to look again.
import type { BrakeReason, FindingReason, Reason } from "../api/reasons.ts";
import type { GuardPhase } from "../api/rollout-guard.ts";
import type { Effect } from "./effects/effect.ts";
import type { Ground } from "./snapshot/ground.ts";
import type { PodView } from "./snapshot/pod.ts";
import type { Question } from "./snapshot/question.ts";

/** The checks, in the order in which their findings are told. */
export const CHECK_NAMES = [
  "configError",
  "imagePull",
  "crashLoop",
  "createFailed",
  "podRejected",
  "unschedulable",
  "emptyEndpoints",
  "degraded",
  "metrics",
  "http",
  "readiness",
  "progressDeadline",
  "knownBad",
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/**
 * What a check says: nothing is wrong; something is, and counts if it is still so at `untilAt` (without
 * `untilAt`: if it happens again); the rollout fails; it cannot tell, and why. What is unknown never fails a rollout and
 * never keeps a revision from becoming good, unless the guard requires to know it.
 */
export type Finding =
  | { readonly check: CheckName; readonly verdict: "healthy" }
  | (Fault & {
      readonly check: CheckName;
      readonly verdict: "pending";
      readonly untilAt?: number | undefined;
    })
  | (Fault & { readonly check: CheckName; readonly verdict: "failing" })
  | {
      readonly check: CheckName;
      readonly verdict: "unknown";
      readonly message: string;
      /** The guard requires an answer before the revision can become good. */
      readonly isRequired?: true | undefined;
    };

export interface Fault {
  readonly reason: FindingReason;
  readonly message: string;
  /** Since when it is so (epoch ms). */
  readonly sinceAt: number;
  /** What the cluster showed, quoted. */
  readonly evidence: readonly string[];
  readonly restsOn: readonly Ground[];
  /**
   * It already goes beyond what the baseline showed, or is certain to come: an ordinary rollout, also a slow one, never shows it. While
   * it is pending the rollout can be paused.
   */
  readonly isSuspicious?: boolean | undefined;
  /** The pods that it is about, for those who ask why; undefined for one that is not about single pods. */
  readonly pods?: readonly PodView[] | undefined;
}

export type FailingFinding = Extract<Finding, { verdict: "failing" }>;

/** Why a right action may not be taken now. */
export interface Brake {
  readonly reason: BrakeReason;
  readonly message: string;
  /** When it may be released by itself (epoch ms). */
  readonly untilAt?: number | undefined;
}

/** What is to be done about one guard, and why. The same snapshot and time give the same decision. */
export interface Decision {
  readonly phase: GuardPhase;
  readonly reason: Reason;
  readonly message: string;
  readonly findings: readonly Finding[];
  readonly brake?: Brake | undefined;
  readonly effects: readonly Effect[];
  /** What the effects rest on besides the workload and its revisions. */
  readonly restsOn: readonly Ground[];
  /** What it has to know, and does not, or not for long. */
  readonly questions: readonly Question[];
  /** When to look again even if nothing changes (epoch ms). */
  readonly wakeAt?: number | undefined;
}
