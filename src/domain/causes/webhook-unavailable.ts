// No pod can be created because an admission webhook does not answer. Pure.
import { type Classifier, quoted, toldIn } from "./cause.ts";

const SAYS = /failed calling webhook "([^"]+)"/i;

export const webhookUnavailable: Classifier = {
  recognises: ["EnvironmentTrouble"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const match = SAYS.exec(toldIn(of));
    if (!match) return undefined;
    return {
      class: "EnvironmentTrouble",
      certainty: "Certain",
      message: `The admission webhook ${match[1] ?? "?"} does not answer, so no pod can be created; the release is not to blame.`,
      evidence: quoted(of, /webhook/i),
      remedy: `Bring the webhook ${match[1] ?? "?"} back; see kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations.`,
    };
  },
};
