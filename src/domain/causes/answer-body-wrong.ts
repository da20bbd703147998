// The new version answers, and not what the guard expects. Pure.

import type { Classifier } from "./cause.ts";
import { changesText } from "./changes-text.ts";

export const answerBodyWrong: Classifier = {
  recognises: ["AnswerBodyWrong"],
  explains: ["HttpFailing"],
  classify: ({ finding, rollout }) => {
    const lines = finding.evidence.filter((line) => line.includes("the body does not match"));
    if (lines.length === 0) return undefined;
    return {
      class: "AnswerBodyWrong",
      certainty: "Likely",
      message: `The new version answers with another body than expected: ${finding.message}.`,
      evidence: lines.slice(0, 3),
      remedy: `Compare the answer of a new pod with expect.body of the check: the release or the check is wrong.${changesText(rollout)}`,
    };
  },
};
