// Pods that an admission webhook or policy refuses, or the API server for a reason of its own. Pure.
import { type Classifier, quoted, textOfFinding } from "./cause.ts";

/** The words of webhooks and of ValidatingAdmissionPolicy. */
const DENIED = [
  /admission webhook "([^"]+)" denied the request:? ?([^\n]*)/i,
  /ValidatingAdmissionPolicy '([^']+)'[^\n]*? denied request: ([^\n]*)/i,
];
const FORBIDDEN = /is forbidden: ([^\n]+)/i;

export const admissionDenied: Classifier = {
  recognises: ["AdmissionDenied"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const reported = textOfFinding(of);
    for (const pattern of DENIED) {
      const denied = pattern.exec(reported);
      if (!denied) continue;
      return {
        class: "AdmissionDenied",
        certainty: "Certain",
        message: `Admission ${denied[1] ?? ""} denies the pods: ${(denied[2] ?? "").trim()}.`.replace(
          "  ",
          " ",
        ),
        evidence: quoted(of, /admission|denied/i),
        remedy: `Correct the pod template as ${denied[1] ?? "the message"} says, or ask the owner of that policy.`,
      };
    }
    const forbidden = FORBIDDEN.exec(reported);
    if (!forbidden) return undefined;
    return {
      class: "AdmissionDenied",
      certainty: "Likely",
      message: `The API server rejects the pods: ${(forbidden[1] ?? "").trim()}.`,
      evidence: quoted(of, /forbidden/i),
      remedy: "Correct the pod template as the message says.",
    };
  },
};
