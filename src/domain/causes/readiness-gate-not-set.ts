// Pods whose containers are ready, and whose readiness gate nobody sets. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { podsOf } from "./failing-probe.ts";

export const readinessGateNotSet: Classifier = {
  recognises: ["ReadinessGateNotSet"],
  explains: ["NotReady", "ProgressDeadlineExceeded", "Degraded"],
  classify: (of) => {
    const pod = podsOf(of).find(({ readyReason }) => readyReason === "ReadinessGatesNotReady");
    if (!pod) return undefined;
    return {
      class: "ReadinessGateNotSet",
      certainty: "Certain",
      message: `All containers of pod ${pod.name} are ready, and a readiness gate of it is not set: what sets it from outside, such as a load balancer's controller, does not.`,
      evidence: quoted(of, /ReadinessGates|Ready is False/),
      remedy:
        "See who sets the conditions in readinessGates (kubectl get pod -o wide, and that controller's log), or take the gate out of the pod template.",
    };
  },
};
