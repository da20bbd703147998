// Versions whose containers never start: something that they need is not there, or they are not let in.
import { SHOP } from "../testing/shop.ts";
import type { FailingScenario } from "./scenario.ts";
import { QUOTA_OF_THREE_PODS } from "./story/manifests.ts";

export const FAILING_STARTS: readonly FailingScenario[] = [
  {
    name: "wrong-image",
    title: "its image cannot be pulled",
    kind: "fails",
    reason: "ImagePullFailing",
    async play({ given, when, then, cluster }) {
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2", container: { image: cluster.missingImage } });
      await then.rolledBack({
        reason: "ImagePullFailing",
        class: ["ImageNotFound", "RegistryUnreachable"],
        cause: cluster.missingImage,
      });
    },
  },
  {
    name: "missing-secret",
    title: "it needs a Secret that is not there",
    kind: "fails",
    reason: "ContainerConfigError",
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      const valueFrom = { secretKeyRef: { name: "database", key: "DATABASE_URL" } };
      await when.shipped({ tag: "v2", container: { env: [{ name: "DATABASE_URL", valueFrom }] } });
      await then.rolledBack({
        reason: "ContainerConfigError",
        class: "SecretMissing",
        cause: "Secret database does not exist",
      });
    },
  },
  {
    name: "unschedulable",
    title: "it requests more than any node has",
    kind: "fails",
    reason: "Unschedulable",
    async play({ given, when, then }) {
      await given.aGuardedApplication({ tag: "v1" }, SHOP, { unschedulable: { patience: "60s" } });
      await when.shipped({ tag: "v2", container: { resources: { requests: { cpu: "1000" } } } });
      await then.rolledBack({ reason: "Unschedulable", class: "InsufficientResources", cause: "enough cpu" });
    },
  },
  {
    name: "quota-forbids-surge",
    title: "a quota has no room for the pod that it brings first",
    kind: "fails",
    reason: "CreateFailed",
    async play({ given, when, then }) {
      // All three pods fit, and not one more; none may be missing, so the rollout cannot begin.
      const deployment = {
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      } as const;
      await when.create("resourcequotas", QUOTA_OF_THREE_PODS);
      await given.aGuardedApplication({ tag: "v1", deployment }, SHOP, { createFailed: { patience: "30s" } });
      await when.shipped({ tag: "v2", deployment });
      await then.rolledBack({ reason: "CreateFailed", class: "QuotaExceeded", cause: "quota three-pods" });
    },
  },
];
