import { readinessProbe } from "../testing/a-template.ts";
import { itRecognises, unready } from "../testing/expect-cause.ts";
import { changing, warned } from "../testing/facts.ts";
import { probePathNotServed } from "./probe-path-not-served.ts";

describe("probePathNotServed", () => {
  itRecognises(probePathNotServed, {
    "a path that is not served, and was another one": {
      reason: "NotReady",
      facts: [
        changing(readinessProbe({ path: "/ready", target: "GET http :8080/ready" })),
        unready,
        warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404"),
      ],
      cause: "ProbePathNotServed",
      certainty: "Certain",
      names: /HTTP 404: it does not serve \/ready; \/healthz worked before/,
      patch: /"httpGet":\{"path":"\/healthz"\}/,
    },
  });
});
