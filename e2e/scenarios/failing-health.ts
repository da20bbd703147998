// Versions that run and do not serve: what their probes ask is wrong, or what they answer.
import { LABELS, READINESS } from "../testing/shop.ts";
import type { FailingScenario } from "./scenario.ts";

export const FAILING_HEALTH: readonly FailingScenario[] = [
  {
    name: "wrong-probe-port",
    title: "its probe uses a port that is not open",
    kind: "fails",
    reason: "NotReady",
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      const readinessProbe = { ...READINESS, httpGet: { path: "/healthz", port: 80 } };
      await when.shipped({ tag: "v2", container: { ports: [{ containerPort: 80 }], readinessProbe } });
      await then.rolledBack({
        reason: "NotReady",
        class: "ProbePortNotServed",
        cause: /changed the probe.*:80\/healthz.*the right port is .*8080/,
      });
    },
  },
  {
    name: "health-500",
    title: "its health check returns 500",
    kind: "fails",
    reason: "NotReady",
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2", env: { HEALTH: "500" } });
      await then.rolledBack({ reason: "NotReady", class: "HealthCheckFails", cause: "HTTP 500" });
    },
  },
  {
    name: "health-timeout",
    title: "its health check does not respond in time",
    kind: "fails",
    reason: "NotReady",
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2", env: { HEALTH_DELAY: "5s" } });
      await then.rolledBack({ reason: "NotReady", class: "HealthCheckTimesOut", cause: "in time" });
    },
  },
  {
    name: "selector-mismatch",
    title: "its pods lost a label that the Service selects on",
    kind: "fails",
    reason: "EmptyEndpoints",
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2", labels: { app: LABELS.app } });
      await then.rolledBack({
        reason: "EmptyEndpoints",
        class: "ServiceSelectorMismatch",
        cause: "tier=backend",
      });
    },
  },
];
