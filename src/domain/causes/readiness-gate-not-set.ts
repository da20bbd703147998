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
      message: `All containers of pod ${pod.name} are ready, but a readiness gate of the pod is not set: the controller that sets it, such as that of a load balancer, does not.`,
      evidence: quoted(of, /ReadinessGates|Ready is False/),
      remedy:
        "Check the controller that sets the conditions in readinessGates (kubectl get pod -o wide, and that controller's log), or remove the gate from the pod template.",
    };
  },
};
