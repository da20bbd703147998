// The new version answers requests with errors, and the old one does not, or does so less. Pure.

import type { Classifier } from "./cause.ts";
import { changesText } from "./changes-text.ts";

export const errorRateHigher: Classifier = {
  recognises: ["ErrorRateHigher"],
  explains: ["MetricsWorse", "HttpFailing"],
  classify: ({ finding, rollout }) => ({
    class: "ErrorRateHigher",
    certainty: "Likely",
    message: `The new version answers with errors: ${finding.message}.`,
    evidence: finding.evidence.slice(0, 3),
    remedy: `Look for the errors in the logs of the new pods.${changesText(rollout)}`,
  }),
};
