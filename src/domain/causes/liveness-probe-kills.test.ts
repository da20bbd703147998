import { appWith } from "../testing/a-template.ts";
import { crashes, itRecognises } from "../testing/expect-cause.ts";
import { changing, warned } from "../testing/facts.ts";
import { livenessProbeKills } from "./liveness-probe-kills.ts";

describe("livenessProbeKills", () => {
  itRecognises(livenessProbeKills, {
    "a liveness probe by command": {
      reason: "CrashLooping",
      facts: [
        changing(
          appWith({
            liveness: {
              kind: "tcp",
              port: 8080,
              target: "TCP :8080",
              initialDelayMs: 0,
              periodMs: 1_000,
              timeoutMs: 1_000,
              failureThreshold: 1,
              successThreshold: 1,
            },
          }),
        ),
        crashes({ restarts: 3, exitCode: 137 }),
        warned("Unhealthy", "Liveness probe failed: no route to host"),
      ],
      cause: "LivenessProbeKills",
      certainty: "Likely",
      names: /kills container app.*liveness probe of container app \(TCP :8080\) fails/,
    },
  });
});
