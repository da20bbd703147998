// What a root cause is, and what it is told from. Pure.
import type { CauseClass, Certainty } from "../../api/causes.ts";
import type { FindingReason } from "../../api/reasons.ts";
import type { FailingFinding } from "../decision.ts";
import type { Rollout } from "../rollout/rollout.ts";

/** Why a rollout fails, and what to change. */
export interface Cause {
  readonly class: CauseClass;
  readonly certainty: Certainty;
  /** What is wrong, in a sentence that names it. */
  readonly message: string;
  /** What of the cluster says so, quoted. */
  readonly evidence: readonly string[];
  /** What to change, in a sentence. */
  readonly remedy: string;
  /** A command that changes it in the failed revision, where one can be given. */
  readonly patch?: string | undefined;
}

/** A failing finding and the rollout that it is about. */
export interface Case {
  readonly rollout: Rollout;
  readonly finding: FailingFinding;
  /** The cluster's time (epoch ms). */
  readonly now: number;
}

/** Recognises one class of causes, or a few that the same words tell apart. */
export interface Classifier {
  /** The classes that it recognises. */
  readonly recognises: readonly CauseClass[];
  /** The reasons of findings that they can be the cause of. */
  readonly explains: readonly FindingReason[] | "anything";
  /** The cause, or undefined when the facts do not speak for it. */
  readonly classify: (of: Case) => Cause | undefined;
}

/** The cause that a classifier recognises behind a finding; undefined when it does not apply. */
export function causeBy({ explains, classify }: Classifier, of: Case): Cause | undefined {
  return explains === "anything" || explains.includes(of.finding.reason) ? classify(of) : undefined;
}

const MOST_EVIDENCE = 3;

/** The lines of the finding's evidence that match, at most three. */
export function quoted({ finding }: Case, pattern: RegExp): readonly string[] {
  return finding.evidence.filter((line) => pattern.test(line)).slice(0, MOST_EVIDENCE);
}

/** The finding's message and evidence in one text, to be looked through for the cluster's own words. */
export function textOfFinding({ finding }: Case): string {
  return [finding.message, ...finding.evidence].join("\n");
}
