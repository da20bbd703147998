// Pods that run as a service account that does not exist. Pure.
import { type Classifier, quoted, textOfFinding } from "./cause.ts";

/** The words of ServiceAccount admission. */
const SAYS = /service ?account "?([^\s",]+)"? (?:was )?not found|serviceaccounts? "([^"]+)" not found/i;

export const serviceAccountMissing: Classifier = {
  recognises: ["ServiceAccountMissing"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const match = SAYS.exec(textOfFinding(of));
    if (!match) return undefined;
    return {
      class: "ServiceAccountMissing",
      certainty: "Certain",
      message: `ServiceAccount ${match[1] ?? "?"}, which the pods use, does not exist.`,
      evidence: quoted(of, /service ?account/i),
      remedy: `Create it (kubectl create serviceaccount ${(match[1] ?? "NAME").split("/").at(-1)} -n ${of.rollout.snapshot.guard.namespace}), or correct serviceAccountName.`,
    };
  },
};
