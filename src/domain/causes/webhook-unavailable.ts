// No pod can be created because an admission webhook does not answer. Pure.
import { type Classifier, quoted, textOfFinding } from "./cause.ts";

const SAYS = /failed calling webhook "([^"]+)"/i;

export const webhookUnavailable: Classifier = {
  recognises: ["EnvironmentTrouble"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const match = SAYS.exec(textOfFinding(of));
    if (!match) return undefined;
    return {
      class: "EnvironmentTrouble",
      certainty: "Certain",
      message: `Admission webhook ${match[1] ?? "?"} does not respond, so no pods can be created. The release is not the cause.`,
      evidence: quoted(of, /webhook/i),
      remedy: `Restore webhook ${match[1] ?? "?"}; see kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations.`,
    };
  },
};
