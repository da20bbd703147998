// Many Deployments that were not changed fail at once: the release did not bring it. Pure.
import { outageText } from "../brakes/would-not-help/outage.ts";
import type { Classifier } from "./cause.ts";

/** Many Deployments fail at once: that is the headline, whatever the pods of this one say. */
export const widespreadFailure: Classifier = {
  recognises: ["EnvironmentTrouble"],
  explains: "anything",
  classify: ({ rollout, now }) => {
    const what = outageText(rollout, now);
    if (what === undefined) return undefined;
    return {
      class: "EnvironmentTrouble",
      certainty: "Likely",
      message: what,
      evidence: [],
      remedy:
        "Check what these Deployments have in common: nodes, network, DNS, or a service that they all call.",
    };
  },
};
