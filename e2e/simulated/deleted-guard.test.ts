// Somebody deletes a guard while its Incident is open.
import { expect } from "chai";
import { describeScenarios } from "../testing/scenarios.ts";
import { SHOP } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };

async function verifying(story: Story, guard: object = {}): Promise<void> {
  await story.given.aGoodDeployment({ guard });
  story.when.shipped(BAD);
  await story.then.incident("Verifying");
}

function deleteGuard({ world, namespace }: Story): void {
  world.cluster.store.delete("rolloutguards", namespace, SHOP);
}

describeScenarios("an open Incident whose guard is deleted", (scenario) => {
  scenario("ends, and says that nobody verified the rollback", async (story) => {
    await verifying(story);
    deleteGuard(story);
    const { status } = await story.then.incident("Superseded");
    expect(status?.message).to.contain("The rollback was sent, but nothing checked whether service is back");
    expect(status?.steps).to.have.lengthOf(1);
    expect(story.incidents()).to.have.lengthOf(1);
  });

  scenario("ends also while it is held", async (story) => {
    await story.given.aGoodDeployment({ guard: { mode: "Observe" } });
    story.when.shipped(BAD);
    await story.then.incident("Held");
    deleteGuard(story);
    const { status } = await story.then.incident("Superseded");
    expect(status?.message).to.contain("Nothing was rolled back");
  });

  scenario("is verified by the guard that is created in its place", async (story) => {
    await verifying(story);
    deleteGuard(story);
    await story.world.pass(20_000);
    story.given.aGuard();
    await story.then.incident("Recovered");
  });

  scenario("is taken over by another guard of the same Deployment", async (story) => {
    await verifying(story);
    story.given.aGuard({}, "successor");
    deleteGuard(story);
    await story.then.incident("Recovered");
  });
});

describe("an operator that starts when the guard is gone already", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  it("ends the Incident that is left", async () => {
    const story = world.story("left-behind");
    const operator = await world.startOperator({ namespaces: [story.namespace] });
    await verifying(story);
    await operator.stop();
    deleteGuard(story);
    await world.startOperator({ namespaces: [story.namespace] });
    await story.then.incident("Superseded");
  });
});
