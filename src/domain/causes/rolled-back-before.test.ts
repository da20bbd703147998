import { waitsFor } from "../testing/a-pod.ts";
import { anIncident } from "../testing/an-incident.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { withIncidents, withPods } from "../testing/facts.ts";
import { earlier, minutes } from "../testing/instants.ts";
import { rolledBackBefore } from "./rolled-back-before.ts";

const first = anIncident({
  name: "the-first",
  phase: "Recovered",
  detectedAt: earlier(minutes(20)),
  sentAt: earlier(minutes(20)),
});

describe("rolledBackBefore", () => {
  itRecognises(rolledBackBefore, {
    "a release that failed before": {
      reason: "KnownBad",
      facts: [withPods(3, waitsFor("ContainerCreating")), withIncidents(first)],
      cause: "RolledBackBefore",
      certainty: "Certain",
      names:
        /Incident the-first.*exits with code 1 again and again.*kubectl rolloutguard veto checkout -n shop/,
    },
  });
});
