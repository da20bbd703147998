// Rollouts whose failure is easy to overlook: complete without a pod, rejected by nodes, hidden behind others' endpoints.
import { LABELS, SHOP } from "../testing/shop.ts";
import { type FailingScenario, NOT_RECORDED_YET } from "./scenario.ts";

export const FAILING_QUIETLY: readonly FailingScenario[] = [
  {
    name: "zero-then-unschedulable",
    title: "it is shipped at zero replicas, and when it is scaled up no node takes its pods",
    kind: "fails",
    reason: "Unschedulable",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then, sight, eventually, pass }) {
      await given.aGuardedApplication();
      const pod = { nodeSelector: { pool: "gone" } };
      await when.shipped({ tag: "v2", pod, deployment: { replicas: 0 } });
      await eventually(
        () => "it is complete without a pod",
        () => sight.isComplete(SHOP) && sight.pods(SHOP).length === 0,
      );
      await pass(20_000);
      await when.scaledTo(3);
      await then.rolledBack({
        reason: "Unschedulable",
        class: "NodeSelectorUnmatched",
        cause: "No node has the labels",
      });
    },
  },
  {
    name: "sysctl-forbidden",
    title: "its nodes reject every pod for a sysctl that it asks for",
    kind: "fails",
    reason: "PodRejected",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      const sysctls = [{ name: "net.core.somaxconn", value: "4096" }];
      await when.shipped({ tag: "v2", pod: { securityContext: { sysctls } } });
      await then.rolledBack({ reason: "PodRejected", class: "NodeRejectsPods", cause: "SysctlForbidden" });
    },
  },
  {
    name: "lost-named-port",
    title: "its pods lose one of the two named ports that their Service sends to",
    kind: "fails",
    reason: "EmptyEndpoints",
    unrecorded: NOT_RECORDED_YET,
    async play({ when, then, sight, eventually }) {
      const http = { name: "http", containerPort: 8080 };
      const admin = { name: "admin", containerPort: 8081 };
      await when.found({ tag: "v1", container: { ports: [http, admin] } }, SHOP);
      await when.setField("services", SHOP, "/spec/ports", [
        { name: "http", port: 80, targetPort: "http" },
        { name: "admin", port: 81, targetPort: "admin" },
      ]);
      await eventually(
        () => "the Service has its pods",
        () => sight.readyEndpoints(SHOP) === 3,
      );
      await when.guarded();
      await then.takenUp();
      await when.shipped({ tag: "v2", container: { ports: [http] } });
      await then.rolledBack({
        reason: "EmptyEndpoints",
        class: "ServicePortNotServed",
        cause: "port named admin",
      });
    },
  },
  {
    name: "lost-from-shared-service",
    title: "its pods lose the label of a Service that another Deployment still serves",
    kind: "fails",
    reason: "EmptyEndpoints",
    unrecorded: NOT_RECORDED_YET,
    async play({ when, then, sight, eventually }) {
      await when.found({ tag: "v1" }, "canary");
      await when.found({ tag: "v1" }, SHOP);
      await when.setField("services", SHOP, "/spec/selector", { tier: LABELS.tier });
      await eventually(
        () => "the Service has the pods of both",
        () => sight.readyEndpoints(SHOP) === 6,
      );
      await when.guarded();
      await then.takenUp();
      await when.shipped({ tag: "v2", labels: { app: SHOP, tier: "api" } });
      await then.rolledBack({
        reason: "EmptyEndpoints",
        class: "ServiceSelectorMismatch",
        cause: "tier=backend",
        replicas: 6,
      });
    },
  },
];
