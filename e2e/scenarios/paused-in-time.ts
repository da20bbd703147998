// Rollouts that RolloutGuard pauses before they take the last old pod away.
import { expect } from "chai";
import { LABELS, SHOP } from "../testing/shop.ts";
import type { FailingScenario } from "./scenario.ts";
import { readyIn, serviceOf } from "./story/sight.ts";
import type { Telling } from "./story/story.ts";

const deployment = {
  strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
} as const;

export const PAUSED_IN_TIME: readonly FailingScenario[] = [
  {
    name: "label-lost-and-paused",
    title: "its pods lost a label that the Service selects on, and it is paused while old pods serve",
    kind: "fails",
    reason: "EmptyEndpoints",
    needs: ["operator"],
    async play(story) {
      const { given, when, then, sight, eventually } = story;
      await given.aGuardedApplication({ tag: "v1", deployment });
      const shippedAt = story.cluster.now();
      // The pods take so long that a busy machine is in time too.
      await when.shipped({ tag: "v2", labels: { app: LABELS.app }, env: { START_DELAY: "20s" }, deployment });
      await eventually(
        () => `the rollout is paused; ${then.tell(SHOP)}`,
        () => sight.guardStatus(SHOP).freeze?.state === "Paused",
      );
      await then.rolledBack({
        reason: "EmptyEndpoints",
        class: "ServiceSelectorMismatch",
        cause: "tier=backend",
      });
      expect(fewestEndpoints(story, shippedAt), "ready endpoints at any time").to.be.greaterThan(0);
    },
  },
];

function fewestEndpoints({ mirror, namespace }: Telling, sinceAt: number): number {
  const counts = mirror
    .changes("endpointslices", namespace)
    .filter(({ object, at }) => at >= sinceAt && serviceOf(object) === SHOP)
    .map(({ object }) => readyIn([object]));
  return Math.min(...counts);
}
