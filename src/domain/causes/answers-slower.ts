// The new version answers more slowly than the old one. Pure.

import type { Classifier } from "./cause.ts";
import { changesText } from "./changes-text.ts";

export const answersSlower: Classifier = {
  recognises: ["AnswersSlower"],
  explains: ["AnswersSlow"],
  classify: ({ finding, rollout }) => ({
    class: "AnswersSlower",
    certainty: "Likely",
    message: `The new version answers slowly: ${finding.message}.`,
    evidence: finding.evidence.slice(0, 3),
    remedy: `Look for what takes the time: queries, calls of other services, cold caches, CPU limits.${changesText(rollout)}`,
  }),
};
