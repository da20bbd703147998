import { waitsForGate } from "../testing/a-pod.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { withPods } from "../testing/facts.ts";
import { readinessGateNotSet } from "./readiness-gate-not-set.ts";

describe("readinessGateNotSet", () => {
  itRecognises(readinessGateNotSet, {
    "a readiness gate": {
      reason: "NotReady",
      facts: [withPods(3, waitsForGate)],
      cause: "ReadinessGateNotSet",
      certainty: "Certain",
      names: /readiness gate of the pod is not set/,
    },
  });
});
