// Watches that are dead in silence: nobody notices for minutes, and nothing is decided on what they last told.
import { expect } from "chai";
import type { ResourceName } from "../../src/kube/resources.ts";
import { LABELS, SHOP } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const recreate = { strategy: { type: "Recreate" }, progressDeadlineSeconds: 60 } as const;
const V1 = { tag: "v1", deployment: recreate };

describe("a watch that is dead in silence", () => {
  let world: World;
  let story: Story;

  beforeEach(async () => {
    world = await startWorld();
    await world.startOperator();
    story = world.story("shop");
    await story.given.aGoodDeployment({ version: V1 });
    await world.pass(10_000);
  });

  afterEach(() => world.stop());

  /** The watches of these resources say nothing from now on. */
  function kill(...resources: readonly ResourceName[]): void {
    for (const resource of resources)
      world.cluster.faults.add({ on: { verb: "watch", resource }, does: { watch: "die" }, forMs: 0 });
  }

  const serviceEmpty = () =>
    world.eventually(
      () => "the Service is empty",
      () => story.readyEndpoints() === 0,
    );

  async function staysAlone(forMs: number): Promise<void> {
    await world.pass(forMs);
    expect(story.isComplete(), "the rollout is complete").to.equal(true);
    story.then.leftAlone();
  }

  it("of Services and endpoints condemns no release that changes labels and selector together", async () => {
    kill("services");
    const labels = { app: SHOP, tier: "frontend" };
    story.when.shipped({ tag: "v2", deployment: recreate, labels });
    const selector = { ...LABELS, ...labels };
    world.cluster.store.patch("services", "shop", SHOP, { spec: { selector } });
    await serviceEmpty();
    kill("endpointslices");
    await staysAlone(300_000);
  });

  it("of endpoints makes no short unreadiness urgent", async () => {
    story.when.shipped({ tag: "v2", deployment: recreate, env: { START_DELAY: "10s" } });
    await serviceEmpty();
    kill("endpointslices");
    await staysAlone(300_000);
  });

  it("of pods condemns no release whose pods have become ready", async () => {
    story.when.shipped({ tag: "v2", deployment: recreate, env: { START_DELAY: "20s" } });
    await serviceEmpty();
    await world.pass(5_000);
    kill("pods", "endpointslices");
    await staysAlone(300_000);
  });

  for (const resources of [["endpointslices"], ["pods"], ["pods", "endpointslices", "services"]] as const) {
    it(`of ${resources.join(", ")} does not let a rollback that works end as NotRecovered`, async () => {
      story.when.shipped({ tag: "v2", deployment: recreate, env: { HEALTH: "500" } });
      await world.eventually(
        () => "the rollback is sent",
        () => world.ledger.acceptedRollbacks("shop").length === 1,
      );
      await serviceEmpty();
      kill(...resources);
      const incident = await story.then.incident("Recovered");
      expect(world.ledger.phases("shop", incident.name)).to.deep.equal(["Acting", "Verifying", "Recovered"]);
      expect(world.ledger.acceptedRollbacks("shop")).to.have.lengthOf(1);
    });
  }
});
