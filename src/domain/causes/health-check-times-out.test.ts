import { readinessProbe } from "../testing/a-template.ts";
import { itRecognises, unready } from "../testing/expect-cause.ts";
import { changing, warned } from "../testing/facts.ts";
import { healthCheckTimesOut } from "./health-check-times-out.ts";

describe("healthCheckTimesOut", () => {
  itRecognises(healthCheckTimesOut, {
    "a health check that is slow": {
      reason: "NotReady",
      facts: [
        changing(readinessProbe({ timeoutMs: 500 })),
        unready,
        warned(
          "Unhealthy",
          'Readiness probe failed: Get "http://10.0.0.7:8080/healthz": context deadline exceeded',
        ),
      ],
      cause: "HealthCheckTimesOut",
      certainty: "Certain",
      names: /waits 0\.5 s; the rollout reduced it from 1 s.*timeoutSeconds: 1/,
      patch: /"timeoutSeconds":1/,
    },
  });
});
