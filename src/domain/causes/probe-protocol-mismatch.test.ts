import { itRecognises, unready } from "../testing/expect-cause.ts";
import { warned } from "../testing/facts.ts";
import { probeProtocolMismatch } from "./probe-protocol-mismatch.ts";

describe("probeProtocolMismatch", () => {
  itRecognises(probeProtocolMismatch, {
    "a server that talks HTTPS": {
      reason: "NotReady",
      facts: [unready, warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 400")],
      cause: "ProbeProtocolMismatch",
      certainty: "Likely",
      names: /does not speak HTTP on port 8080.*scheme: HTTPS/,
      patch: /"httpGet":\{"scheme":"HTTPS"\}/,
    },
  });
});
