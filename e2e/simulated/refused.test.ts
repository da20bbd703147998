// Rollbacks that the API server refuses: everybody can see it, nothing floods, and the rollback is made when it may be.

import { expect } from "chai";
import { ANNOTATIONS } from "../../src/api/group.ts";
import { REFUSALS, refusing } from "../testing/refusals.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };

const sent = ({ world, namespace }: Story) => world.ledger.rollbacks(namespace).length;

async function held(story: Story, tries: number) {
  return story.world.eventually(
    () => `the Incident is held by Refused; ${JSON.stringify(story.incidents())}`,
    () => {
      const found = story.incidents().find(({ status }) => status?.brake?.reason === "Refused");
      return sent(story) >= tries && found?.phase === "Held" && found;
    },
  );
}

describeScenarios("a rollback that the API server refuses is held, and made when it may be:", (scenario) => {
  for (const [title, refusal] of Object.entries(REFUSALS)) {
    scenario(title, async (story) => {
      const { cluster } = story.world;
      await story.given.aGoodDeployment();
      const fault = cluster.faults.add(refusing({ namespace: story.namespace }, refusal));
      story.when.shipped(BAD);
      const incident = await held(story, 1);
      expect(incident.status?.brake?.message).to.contain(refusal[1]);
      await story.world.eventually(
        () => `the guard says that it fails: ${JSON.stringify(story.guardStatus())}`,
        () => story.guardStatus().phase === "Failing" && story.guardStatus().activeIncident === incident.name,
      );
      const writes = () =>
        cluster.requests
          .all()
          .filter(
            ({ namespace, verb }) => namespace === story.namespace && verb !== "watch" && verb !== "get",
          )
          .filter(
            ({ resource, userAgent }) => resource === "incidents" && userAgent.startsWith("rolloutguard/"),
          );
      const before = writes().length;
      await story.world.pass(600_000);
      // 5, 10, 20, 40, 80, 160 s and then every five minutes, each perhaps half of it.
      expect(sent(story), "tries in ten minutes").to.be.within(5, 11);
      expect(writes().length - before, "writes of the Incident meanwhile").to.equal(0);
      fault.end();
      await story.then.incident("Recovered");
      expect(story.world.ledger.acceptedRollbacks(story.namespace)).to.have.lengthOf(1);
      expect(story.deployment().metadata.annotations?.[ANNOTATIONS.incident]).to.equal(incident.name);
    });
  }
});

describe("a rollback that was refused", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("is reported in one line of the log, and made once by an operator that starts later", async () => {
    const first = await world.startOperator();
    const story = world.story("shop");
    await story.given.aGoodDeployment();
    const fault = world.cluster.faults.add(refusing({ namespace: "shop" }, [403, "no changes today"]));
    story.when.shipped(BAD);
    await held(story, 3);
    expect(
      first.lines.filter(({ level }) => level === "error").map(({ message }) => message),
    ).to.have.lengthOf(1);
    first.kill();
    const before = sent(story);
    await world.startOperator();
    await held(story, before + 1);
    fault.end();
    await story.then.incident("Recovered");
    expect(world.ledger.acceptedRollbacks("shop")).to.have.lengthOf(1);
    expect(world.ledger.phases("shop", story.incidents()[0]?.name ?? "")).to.deep.equal([
      "Acting",
      "Held",
      "Verifying",
      "Recovered",
    ]);
  });

  it("is superseded by the fix that a person ships meanwhile", async () => {
    await world.startOperator();
    const story = world.story("shop");
    await story.given.aGoodDeployment();
    world.cluster.faults.add(refusing({ namespace: "shop" }, [403, "no changes today"]));
    story.when.shipped(BAD);
    await held(story, 1);
    story.when.shipped({ tag: "v3" });
    await story.then.good("v3");
    await story.then.incident("Superseded");
    const { rollbacks = 0 } = story.guardStatus();
    expect(rollbacks, "rollbacks that count for the limits").to.equal(0);
  });
});
