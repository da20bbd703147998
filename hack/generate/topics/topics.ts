// Every word that has a page of its own: the causes, and the reasons of findings, requests, brakes and guards.
import { CAUSES, type CauseClass, causePage } from "../../../src/api/causes.ts";
import {
  BRAKE_REASONS,
  FINDING_REASONS,
  REQUEST_REASONS,
  type Reason,
  reasonPage,
  STATE_REASONS,
} from "../../../src/api/reasons.ts";

/** Where the words of a kind come from, and the headings that each of their pages has, in this order. */
interface TopicKind {
  readonly source: string;
  /** What such a word is, to follow the sentence about it. */
  readonly is: string;
  readonly headings: readonly string[];
}

export interface Topic {
  readonly word: string;
  /** What it means, in the table's sentence. */
  readonly says: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly kind: TopicKind;
}

const CAUSE: TopicKind = {
  source: "src/api/causes.ts",
  is: "A cause of failed rollouts; [all causes](index.md).",
  headings: ["How to recognize it", "How to fix", "What RolloutGuard does", "How to prevent"],
};
const SOURCE = "src/api/reasons.ts";
const FINDING: TopicKind = {
  source: SOURCE,
  is: "A reason why a rollout fails; [all reasons](index.md).",
  headings: ["How to recognize it", "Likely causes", "What RolloutGuard does", "How to tune it"],
};
const BRAKE: TopicKind = {
  source: SOURCE,
  is: "A brake: why RolloutGuard does not roll back a failing rollout; [all reasons](index.md).",
  headings: ["How to recognize it", "What to do", "When it ends"],
};
const STATE: TopicKind = {
  source: SOURCE,
  is: "A state of a guard or an Incident; [all reasons](index.md).",
  headings: ["How to recognize it", "What to do"],
};

export const CAUSE_TOPICS: readonly Topic[] = Object.entries(CAUSES).map(([word, says]) => ({
  word,
  says,
  path: `docs/${causePage(word as CauseClass)}`,
  kind: CAUSE,
}));

export const FINDING_TOPICS = ofReasons(FINDING_REASONS, FINDING);
export const REQUEST_TOPICS = ofReasons(REQUEST_REASONS, STATE);
export const BRAKE_TOPICS = ofReasons(BRAKE_REASONS, BRAKE);
export const STATE_TOPICS = ofReasons(STATE_REASONS, STATE);

export const ALL_TOPICS: readonly Topic[] = [
  ...CAUSE_TOPICS,
  ...FINDING_TOPICS,
  ...REQUEST_TOPICS,
  ...BRAKE_TOPICS,
  ...STATE_TOPICS,
];

function ofReasons(table: Partial<Record<Reason, string>>, kind: TopicKind): readonly Topic[] {
  return Object.entries(table).map(([word, says]) => ({
    word,
    says,
    path: `docs/${reasonPage(word as Reason)}`,
    kind,
  }));
}
