// What must be left alone, beside what e2e/scenarios tells: no patch, no Incident, whatever it looks like for a while.
import { expect } from "chai";
import { describeScenarios } from "../testing/scenarios.ts";
import { startWorld, type World } from "../testing/world.ts";

describeScenarios("nothing is done", (scenario) => {
  scenario("when a version comes up at once", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped({ tag: "v2" });
    await then.good("v2");
    then.leftAlone();
  });

  scenario("when a pod crashes twice before its database is there", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", env: { CRASH: "1", CRASH_AFTER: "1s", CRASH_TIMES: "2" } });
    await then.good("v2");
    then.leftAlone();
  });

  scenario(
    "when it is scaled up in the middle of a rollout",
    async ({ given, when, then, world, ...story }) => {
      await given.aGoodDeployment();
      when.shipped({ tag: "v2", env: { START_DELAY: "10s" } });
      await world.pass(8_000);
      when.scaledTo(6);
      await then.good("v2");
      expect(story.deployment().status.availableReplicas).to.equal(6);
      then.leftAlone();
    },
  );

  scenario("when it is scaled to zero and back", async ({ given, when, then, world, ...story }) => {
    await given.aGoodDeployment();
    when.scaledTo(0);
    await world.eventually(
      () => "the guard sees that no pods are wanted",
      () => story.guardStatus().conditions?.some(({ reason }) => reason === "ScaledToZero"),
    );
    when.scaledTo(3);
    await then.good("v1");
    then.leftAlone();
  });

  scenario(
    "when all pods are deleted while a new version bakes",
    async ({ given, when, then, world, ...story }) => {
      await given.aGoodDeployment({ guard: { bakeTime: "60s" } });
      when.shipped({ tag: "v2", env: { START_DELAY: "10s" } });
      await world.eventually(
        () => "the new version bakes",
        () => story.guardStatus().phase === "Baking" && story.guardStatus().current?.images[0] === "shop:v2",
      );
      when.allPodsDeleted();
      await then.good("v2");
      then.leftAlone();
    },
  );

  scenario("when pods are evicted", async ({ given, then, world, ...story }) => {
    await given.aGoodDeployment();
    const [first, second, third] = story.pods();
    for (const pod of [first, second]) world.cluster.evictPod(story.namespace, pod?.metadata.name ?? "");
    world.cluster.evictForMemory(story.namespace, third?.metadata.name ?? "");
    await world.eventually(
      () => "all endpoints are back",
      () => story.readyEndpoints() === 3 && story.isComplete(),
    );
    await world.pass(30_000);
    then.leftAlone();
  });

  scenario(
    "when pods of a new version are evicted while it rolls out",
    async ({ given, when, then, world, ...story }) => {
      await given.aGoodDeployment();
      when.shipped({ tag: "v2", env: { START_DELAY: "10s" } });
      const isNew = (image: string | undefined) => image === "shop:v2";
      const pod = await world.eventually(
        () => "a new pod runs",
        () =>
          story
            .pods()
            .find(({ spec, status }) => isNew(spec.containers[0]?.image) && status.phase === "Running"),
      );
      world.cluster.evictForMemory(story.namespace, pod.metadata.name);
      await then.good("v2");
      then.leftAlone();
    },
  );

  scenario(
    "when the guard is made in the middle of a good rollout",
    async ({ given, when, then, world, ...story }) => {
      given.aDeployment();
      await world.eventually(
        () => "the first version is there",
        () => story.isComplete(),
      );
      when.shipped({ tag: "v2", env: { START_DELAY: "15s" } });
      await world.pass(5_000);
      given.aGuard();
      await then.good("v2");
      then.leftAlone();
    },
  );

  scenario("to a Deployment without a guard", async ({ given, when, then, world }) => {
    given.aDeployment();
    await world.pass(15_000);
    when.shipped({ tag: "v2", env: { CRASH: "1" } });
    await world.pass(90_000);
    then.leftAlone();
  });
});

describe("a node that goes and comes back", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.startOperator();
  });
  afterEach(() => world.stop());

  it("in the middle of a good rollout is not the release's fault", async () => {
    const { given, when, then, ...story } = world.story("node");
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", env: { START_DELAY: "10s" } });
    await world.pass(8_000);
    world.cluster.setNodeReady("node1", false);
    await world.eventually(
      () => "the Service is empty",
      () => story.readyEndpoints() === 0,
    );
    await world.pass(60_000);
    world.cluster.setNodeReady("node1", true);
    await then.good("v2");
    then.leftAlone();
  });
});
