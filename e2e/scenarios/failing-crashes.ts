// Versions whose containers end again and again.
import { MENTIONS_VARIABLE, WITH_VARIABLE, WITHOUT_VARIABLE } from "./missing-variable.ts";
import type { FailingScenario } from "./scenario.ts";

const NO_PROBE = { readinessProbe: undefined };

export const FAILING_CRASHES: readonly FailingScenario[] = [
  {
    name: "missing-env",
    title: "it crashes because a variable is not set, behind a probe",
    kind: "fails",
    reason: "CrashLooping",
    async play({ given, when, then }) {
      await given.aGuardedApplication(WITH_VARIABLE);
      await when.shipped(WITHOUT_VARIABLE);
      await then.rolledBack(MENTIONS_VARIABLE);
    },
  },
  {
    name: "missing-env-without-probes",
    title:
      "it crashes because a variable is not set, and has no probe, so that Kubernetes calls its pods ready",
    kind: "fails",
    reason: "CrashLooping",
    async play({ given, when, then }) {
      await given.aGuardedApplication({ ...WITH_VARIABLE, container: NO_PROBE });
      await when.shipped({ ...WITHOUT_VARIABLE, container: NO_PROBE });
      await then.rolledBack(MENTIONS_VARIABLE);
    },
  },
  {
    name: "out-of-memory",
    title: "it is killed for its memory",
    kind: "fails",
    reason: "OutOfMemory",
    needs: ["memoryLimits"],
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      const resources = { requests: { cpu: "1m", memory: "4Mi" }, limits: { memory: "64Mi" } };
      await when.shipped({ tag: "v2", env: { OOM_AFTER: "2s" }, container: { resources } });
      await then.rolledBack({ reason: "OutOfMemory", class: "MemoryLimitExceeded", cause: /memory/i });
    },
  },
  {
    name: "failing-init-container",
    title: "its init container fails",
    kind: "fails",
    reason: "InitContainerFailing",
    async play({ given, when, then, cluster }) {
      await given.aGuardedApplication();
      const env = [
        { name: "CRASH", value: "1" },
        // A value of a variable, so that nobody gets to see it.
        { name: "EXIT_MESSAGE", value: "no such table: orders" },
      ];
      const migrate = { name: "migrate", image: cluster.applicationImage("v2"), env };
      await when.shipped({ tag: "v2", pod: { initContainers: [migrate] } });
      await then.rolledBack({
        reason: "InitContainerFailing",
        class: "InitContainerFails",
        cause: "Init container migrate exits with code 1",
      });
    },
  },
  {
    name: "liveness-kills",
    title: "its liveness probe kills it",
    kind: "fails",
    reason: "CrashLooping",
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      const livenessProbe = { tcpSocket: { port: 9_999 }, periodSeconds: 2, failureThreshold: 2 };
      await when.shipped({ tag: "v2", container: { livenessProbe } });
      await then.rolledBack({
        reason: "CrashLooping",
        class: "ProbePortNotServed",
        cause: /port 9999.*liveness probe/,
      });
    },
  },
];
