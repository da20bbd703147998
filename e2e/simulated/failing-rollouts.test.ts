// Failing rollouts beside those of e2e/scenarios: the last good revision is back, once, and the record says why.
import { expect } from "chai";
import { describeScenarios } from "../testing/scenarios.ts";
import type { Version } from "../testing/shop.ts";

/** A version whose health check answers with an error. */
const answers500 = (tag = "v2"): Version => ({ tag, env: { HEALTH: "500" } });

describeScenarios("a rollout that fails is undone", (scenario) => {
  scenario("when a sidecar that it brought crashes", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const env = [
      { name: "CRASH", value: "1" },
      { name: "CRASH_AFTER", value: "2s" },
    ];
    when.shipped({ tag: "v2", sidecars: [{ name: "proxy", image: "proxy:1", env }] });
    const { spec } = await then.rolledBack({ reason: "CrashLooping" });
    expect(spec.message).to.contain("container proxy");
  });

  scenario("when a native sidecar that it brought crashes", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const env = [
      { name: "CRASH", value: "1" },
      { name: "CRASH_AFTER", value: "2s" },
    ];
    const proxy = { name: "proxy", image: "proxy:1", env, restartPolicy: "Always" } as const;
    when.shipped({ tag: "v2", pod: { initContainers: [proxy] } });
    const { spec } = await then.rolledBack({ reason: "CrashLooping" });
    expect(spec.message).to.contain("proxy");
  });

  scenario("again for the next bad version, when no cooldown forbids it", async ({ given, when, then }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(answers500("v2"));
    await then.rolledBack({ from: "v2" });
    when.shipped(answers500("v3"));
    await then.rolledBack({ from: "v3", number: 2 });
  });

  scenario("when the same bad version is shipped again", async ({ given, when, then, ...story }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(answers500());
    const first = await then.rolledBack();
    when.shipped(answers500());
    const second = await then.rolledBack({ number: 2 });
    expect(second.spec.failedRevision.hash).to.equal(first.spec.failedRevision.hash);
    expect(story.incidents()).to.have.lengthOf(2);
  });

  scenario(
    "to the revision that is good, not to the one before",
    async ({ given, when, then, world, ...story }) => {
      await given.aGoodDeployment();
      when.shipped({ tag: "v2" });
      await then.good("v2");
      when.shipped(answers500("v3"));
      await world.pass(10_000);
      when.shipped(answers500("v4"));
      await then.rolledBack({ to: "v2", from: "v4" });
      // The change-cause belongs to whoever ships: it still tells of v4.
      expect(story.history().map(({ revision, cause }) => `${revision}: ${cause}`)).to.deep.equal([
        "5: ship v4",
        "4: ship v4",
        "3: ship v3",
        "1: ship v1",
      ]);
    },
  );
});

describeScenarios("a failing rollout is not undone", (scenario) => {
  scenario("when a fix is pushed while it is being judged", async ({ given, when, then, world }) => {
    await given.aGoodDeployment();
    when.shipped(answers500("v2"));
    await world.pass(20_000);
    when.shipped({ tag: "v3" });
    await then.good("v3");
    then.leftAlone();
  });

  scenario(
    "when somebody goes back by hand while its Incident is held",
    async ({ given, when, then, ...story }) => {
      await given.aGoodDeployment({ guard: { mode: "Observe" } });
      when.shipped(answers500());
      const { name } = await then.held("ObserveMode");
      when.undoneTo(1);
      const { status } = await then.incident("Superseded");
      expect(status?.message).to.match(/^kubectl-rollout rolled back to revision [13] /);
      await then.good("v1");
      expect(story.world.ledger.phases(story.namespace, name)).to.deep.equal(["Held", "Superseded"]);
    },
  );
});
