// Versions that look well at one moment and fail at the next, and a bad one upon a version that was still baking.
import { SHOP } from "../testing/shop.ts";
import { type FailingScenario, NOT_RECORDED_YET } from "./scenario.ts";
import { ALL_AT_ONCE } from "./story/manifests.ts";

const NO_PROBE = { readinessProbe: undefined };

export const FAILING_UNSTEADY: readonly FailingScenario[] = [
  {
    name: "flapping",
    title: "it is ready for 12 s and unready for 12 s, again and again",
    kind: "fails",
    reason: "Degraded",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await given.aGuardedApplication({ tag: "v1", deployment: ALL_AT_ONCE });
      await when.shipped({
        tag: "v2",
        env: { FAIL_AFTER: "12s", FAIL_FOR: "12s", FAIL_EVERY: "24s" },
        deployment: ALL_AT_ONCE,
      });
      await then.rolledBack({
        reason: "Degraded",
        // Pods that are ready when it is decided do not show what fails; the words of the probe are told all the same.
        class: ["HealthCheckFails", "Unknown"],
        cause: /HTTP 500|statuscode: 500/,
      });
    },
  },
  {
    name: "liveness-kills-late",
    title: "its liveness probe kills it 30 s after each start, and it has no readiness probe",
    kind: "fails",
    reason: "CrashLooping",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await given.aGuardedApplication({ tag: "v1", container: NO_PROBE });
      const livenessProbe = {
        httpGet: { path: "/healthz", port: 8080 },
        periodSeconds: 2,
        failureThreshold: 2,
      };
      await when.shipped({
        tag: "v2",
        env: { FAIL_AFTER: "30s" },
        container: { ...NO_PROBE, livenessProbe },
      });
      await then.rolledBack({ reason: "CrashLooping", class: "HealthCheckFails", cause: "HTTP 500" });
    },
  },
  {
    name: "hotfix-upon-hotfix",
    title: "it is bad and came on top of a version that runs well and still bakes: it goes back to that one",
    kind: "fails",
    reason: "NotReady",
    needs: ["operator"],
    async play({ given, when, then, sight, eventually, pass }) {
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2" });
      await eventually(
        () => "v2 is complete",
        () => sight.isComplete(SHOP) && sight.history(SHOP).length === 2,
      );
      await pass(60_000);
      await when.shipped({ tag: "v3", env: { HEALTH: "500" } });
      await then.rolledBack({
        reason: "NotReady",
        class: "HealthCheckFails",
        cause: "HTTP 500",
        from: "v3",
        to: "v2",
      });
    },
  },
];
