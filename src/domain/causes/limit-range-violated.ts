// Pods that ask for more or less than the namespace's LimitRange admits. Pure.
import { type Classifier, quoted, textOfFinding } from "./cause.ts";

/** The words of LimitRanger. */
const SAYS =
  /(?:maximum|minimum) \S+ usage per \S+ is [^\n"]+|\S+ max limit to request ratio per \S+ is [^\n"]+/i;

export const limitRangeViolated: Classifier = {
  recognises: ["LimitRangeViolated"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const match = SAYS.exec(textOfFinding(of));
    if (!match) return undefined;
    return {
      class: "LimitRangeViolated",
      certainty: "Certain",
      message: `A LimitRange of the namespace rejects the pods: ${match[0].trim()}.`,
      evidence: quoted(of, /usage per|ratio/i),
      remedy: `Set the containers' resources within the LimitRange (kubectl describe limitrange), or change the LimitRange.`,
    };
  },
};
