// What looks bad for a while and must be left alone.
import { expect } from "chai";
import { SHOP } from "../testing/shop.ts";
import type { HealthyScenario } from "./scenario.ts";
import type { Telling } from "./story/story.ts";

export const LEFT_ALONE: readonly HealthyScenario[] = [
  {
    name: "slow-start",
    title: "to a version that needs 30 s to start",
    kind: "leftAlone",
    async play({ given, when, then }) {
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2", env: { START_DELAY: "30s" } });
      await then.leftAlone();
    },
  },
  {
    name: "rollout-restart",
    title: "when all pods are restarted as a rollout",
    kind: "leftAlone",
    async play({ given, when, then }) {
      await given.aGuardedApplication({ tag: "v1", env: { START_DELAY: "15s" } });
      await when.restarted();
      await then.leftAlone();
    },
  },
  {
    name: "scaled-up",
    title: "when it is scaled up",
    kind: "leftAlone",
    async play({ given, when, then, sight }) {
      await given.aGuardedApplication({ tag: "v1", env: { START_DELAY: "15s" } });
      await when.scaledTo(6);
      await then.leftAlone();
      expect(sight.readyEndpoints(SHOP)).to.equal(6);
    },
  },
  {
    name: "all-pods-deleted",
    title: "when all pods are deleted",
    kind: "leftAlone",
    async play(story) {
      const { given, when, then } = story;
      await given.aGuardedApplication({ tag: "v1", env: { START_DELAY: "15s" } });
      await when.allPodsDeleted();
      await serviceIsLost(story);
      await then.leftAlone();
    },
  },
  {
    name: "paused-in-the-middle",
    title: "to a rollout that is paused in the middle and resumed later",
    kind: "leftAlone",
    async play({ given, when, then, sight, eventually, pass }) {
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2", env: { START_DELAY: "5s" } });
      await eventually(
        () => "the first new pod is there",
        () => sight.deployment(SHOP).status?.updatedReplicas === 1,
      );
      await when.paused(true);
      await pass(60_000);
      expect(sight.isComplete(SHOP), "complete while it is paused").to.equal(false);
      then.guardIs("Progressing");
      await when.paused(false);
      await then.leftAlone();
    },
  },
  {
    name: "failing-neighbours",
    title: "to a good version between neighbours that fail",
    kind: "leftAlone",
    async play({ given, when, then, sight }) {
      await when.deployed({ tag: "v1", env: { CRASH: "1", CRASH_AFTER: "1s" } }, "broken");
      await given.aGuardedApplication();
      await given.aGuardedApplication({ tag: "v1" }, "neighbour");
      await when.shipped({ tag: "v2", env: { HEALTH: "500" } }, "neighbour");
      await when.shipped({ tag: "v2", env: { START_DELAY: "15s" } });
      await Promise.all([
        then.leftAlone(),
        then.rolledBack({
          name: "neighbour",
          reason: "NotReady",
          class: "HealthCheckFails",
          cause: "HTTP 500",
        }),
      ]);
      expect(then.foreign("broken"), "changes of the one without a guard").to.deep.equal([]);
      expect(sight.incidents("broken")).to.deep.equal([]);
    },
  },
  {
    name: "node-drained",
    title: "when its node is drained",
    kind: "leftAlone",
    needs: ["drain"],
    isExclusive: true,
    async play(story) {
      const { given, when, then, sight, pass } = story;
      await given.aGuardedApplication();
      const pods = sight.pods(SHOP);
      const nodes = new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []));
      try {
        for (const node of nodes) await when.cordoned(node, true);
        for (const { metadata } of pods) await when.evicted(metadata.name);
        await serviceIsLost(story);
        await pass(30_000);
      } finally {
        for (const node of nodes) await when.cordoned(node, false);
      }
      await then.leftAlone();
    },
  },
];

async function serviceIsLost({ sight, eventually }: Telling): Promise<void> {
  await eventually(
    () => "the Service has no endpoint left",
    () => sight.readyEndpoints(SHOP) === 0,
  );
}
