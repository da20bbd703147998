// Rollouts that fail where going back would not help: an Incident says so, and nothing is changed.
import { expect } from "chai";
import { SHOP } from "../testing/shop.ts";
import { type FailingScenario, NOT_RECORDED_YET } from "./scenario.ts";
import { ALL_AT_ONCE } from "./story/manifests.ts";

export const FAILING_HELD: readonly FailingScenario[] = [
  {
    name: "restart-with-bad-settings",
    title: "only a restart mark differs, and the ConfigMap that all revisions read is wrong",
    kind: "fails",
    reason: "NotReady",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await when.create("configmaps", {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "settings" },
        data: { HEALTH: "200" },
      });
      const container = { envFrom: [{ configMapRef: { name: "settings" } }] };
      await given.aGuardedApplication({ tag: "v1", container });
      await when.setField("configmaps", "settings", "/data/HEALTH", "500");
      await when.restarted("reloader.stakater.com/last-reloaded-from");
      await then.held("WouldNotHelp", "NotReady");
      expect(then.tell(SHOP)).to.include("ConfigMap/settings");
    },
  },
  {
    name: "service-changed-with-release",
    title: "a Service was changed with the release and no longer finds its port in the old pods",
    kind: "fails",
    reason: "Degraded",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await given.aGuardedApplication({ tag: "v1", deployment: ALL_AT_ONCE });
      await when.setField("services", SHOP, "/spec/ports/0/targetPort", "http");
      await when.shipped({
        tag: "v2",
        env: { FAIL_AFTER: "25s" },
        container: { ports: [{ name: "http", containerPort: 8080 }] },
        deployment: ALL_AT_ONCE,
      });
      await then.held("WouldNotHelp", "Degraded");
      expect(then.tell(SHOP)).to.include("Service shop sends to port http");
    },
  },
  {
    name: "recreated-without-secret",
    title: "it is the same Deployment, deleted and created again, and its Secret is gone",
    kind: "fails",
    reason: "ContainerConfigError",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await when.create("secrets", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "database" },
        stringData: { DATABASE_URL: "postgres://db/shop" },
      });
      const valueFrom = { secretKeyRef: { name: "database", key: "DATABASE_URL" } };
      const version = { tag: "v1", container: { env: [{ name: "DATABASE_URL", valueFrom }] } };
      await given.aGuardedApplication(version);
      await when.removed("secrets", "database");
      await when.deleted();
      await when.appliedAgain(version);
      await then.held("NoGoodRevision", "ContainerConfigError");
    },
  },
];
