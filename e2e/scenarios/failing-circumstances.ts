// Rollouts that fail in special circumstances: late, first, without anything old left, one upon the other.
import { SHOP, type Version } from "../testing/shop.ts";
import type { FailingScenario } from "./scenario.ts";
import { ALL_AT_ONCE } from "./story/manifests.ts";

const answers500 = (tag: string): Version => ({ tag, env: { HEALTH: "500" } });

export const FAILING_CIRCUMSTANCES: readonly FailingScenario[] = [
  {
    name: "recreate",
    title: "it fails where the strategy is Recreate and nothing old is left",
    kind: "fails",
    reason: "NotReady",
    async play({ given, when, then }) {
      const deployment = { strategy: { type: "Recreate" } } as const;
      await given.aGuardedApplication({ tag: "v1", deployment });
      await when.shipped({ ...answers500("v2"), deployment });
      await then.rolledBack({ reason: "NotReady", class: "HealthCheckFails", cause: "HTTP 500" });
    },
  },
  {
    name: "fails-after-completion",
    title: "it fails some 40s after its rollout was complete",
    kind: "fails",
    reason: "Degraded",
    async play({ given, when, then }) {
      await given.aGuardedApplication({ tag: "v1", deployment: ALL_AT_ONCE });
      await when.shipped({ tag: "v2", env: { FAIL_AFTER: "55s" }, deployment: ALL_AT_ONCE });
      await then.rolledBack({ reason: "Degraded", class: "HealthCheckFails", cause: "HTTP 500" });
    },
  },
  {
    name: "bad-first-deployment",
    title: "it is the first, so that there is no rollback target until a fix comes",
    kind: "fails",
    reason: "NotReady",
    async play({ when, then, pass }) {
      await when.deployed(answers500("v1"));
      await when.guarded();
      await then.held("NoGoodRevision", "NotReady");
      await pass(60_000);
      await then.held("NoGoodRevision", "NotReady");
      await when.shipped({ tag: "v2" });
      await then.superseded();
    },
  },
  {
    name: "bad-upon-bad",
    title: "it is bad and follows another bad one",
    kind: "fails",
    reason: "NotReady",
    async play({ given, when, then, sight, eventually }) {
      await given.aGuardedApplication();
      await when.shipped(answers500("v2"));
      await eventually(
        () => "a pod of the first bad version runs",
        () => sight.pods(SHOP).some((pod) => isOf("v2", pod) && pod.status?.phase === "Running"),
      );
      await when.shipped(answers500("v3"));
      await then.rolledBack({
        reason: "NotReady",
        class: "HealthCheckFails",
        cause: "HTTP 500",
        changes: /:v1 → .*:v3/,
        from: "v3",
      });
    },
  },
];

function isOf(
  tag: string,
  { spec }: { readonly spec: { readonly containers: readonly { readonly image: string }[] } },
) {
  return spec.containers[0]?.image.endsWith(`:${tag}`) ?? false;
}
