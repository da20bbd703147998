// A release that was rolled back is put back: it is known by its content, and goes back before anybody is hurt again.
import { expect } from "chai";
import { describeScenarios } from "../testing/scenarios.ts";
import type { Version } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";

/** Found after minutes: nothing else can find it so soon. */
const BAD: Version = { tag: "v2", env: { HEALTH: "500" } };
const REASON = { from: "v2", number: 2, reason: "KnownBad" } as const;

/** Endpoints that were lost since the last Incident was opened. */
function harmOf({ incidents }: Story): number | undefined {
  return incidents().at(-1)?.status?.lostEndpointSeconds;
}

describeScenarios("a release that was rolled back, and is put back", (scenario) => {
  scenario("goes back at once", async (story) => {
    const { given, when, then } = story;
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(BAD);
    await then.rolledBack({ from: "v2" });
    when.shipped(BAD);
    const { spec, status } = await then.rolledBack(REASON);
    expect(spec.findings.map(({ check }) => check)).to.deep.equal(["knownBad"]);
    expect(status?.cause).to.equal("RolledBackBefore");
    expect(spec.message).to.contain("was rolled back before");
    expect(harmOf(story)).to.equal(0);
  });

  scenario("with a restart mark and the labels of another chart too", async ({ given, when, then }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(BAD);
    await then.rolledBack({ from: "v2" });
    when.shipped({ ...BAD, annotations: { "example.com/git-sha": "b2" } });
    const { spec } = await then.rolledBack(REASON);
    expect(spec.findings.map(({ check }) => check)).to.deep.equal(["knownBad"]);
  });

  scenario("ships when it is corrected", async ({ given, when, then, world, ...story }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(BAD);
    await then.rolledBack({ from: "v2" });
    when.shipped({ tag: "v2" });
    await then.good("v2");
    expect(world.ledger.acceptedRollbacks(story.namespace)).to.have.lengthOf(1);
  });

  scenario("ships when what was missing is there by now", async ({ given, when, then, ...story }) => {
    const valueFrom = { secretKeyRef: { name: "database", key: "DATABASE_URL" } };
    const needy = { tag: "v2", container: { env: [{ name: "DATABASE_URL", valueFrom }] } };
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(needy);
    await then.rolledBack({ from: "v2" });
    given.aSecret("database");
    when.shipped(needy);
    await then.good("v2");
    expect(story.world.ledger.acceptedRollbacks(story.namespace)).to.have.lengthOf(1);
  });
});
