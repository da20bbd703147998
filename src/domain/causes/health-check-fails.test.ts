import { itRecognises, unready } from "../testing/expect-cause.ts";
import { completedAfter, warned } from "../testing/facts.ts";
import { seconds } from "../testing/instants.ts";
import { healthCheckFails } from "./health-check-fails.ts";

describe("healthCheckFails", () => {
  itRecognises(healthCheckFails, {
    "a health check that answers 500": {
      reason: "Degraded",
      facts: [
        completedAfter(seconds(10)),
        unready,
        warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500"),
      ],
      cause: "HealthCheckFails",
      certainty: "Certain",
      names: /HTTP 500.*\/healthz of container app.*image/,
    },
    "a health check that wants credentials": {
      reason: "NotReady",
      facts: [unready, warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 401")],
      cause: "HealthCheckFails",
      certainty: "Certain",
      names: /HTTP 401.*without credentials/,
    },
  });
});
