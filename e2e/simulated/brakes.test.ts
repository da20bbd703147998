// Why a right action is not taken: each brake holds the Incident and names itself, and nothing is patched meanwhile.

import { expect } from "chai";
import { undoStep } from "../../src/api/incident-step.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import type { Version } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const answers500 = (tag = "v2"): Version => ({ tag, env: { HEALTH: "500" } });

describeScenarios("a failing rollout is only recorded", (scenario) => {
  scenario("in Observe mode, until the guard may act", async ({ given, when, then, ...story }) => {
    await given.aGoodDeployment({ guard: { mode: "Observe" } });
    when.shipped(answers500());
    await then.held("ObserveMode");
    await story.world.eventually(
      () => `the guard says that it fails: ${JSON.stringify(story.guardStatus())}`,
      () => story.guardStatus().phase === "Failing",
    );
    given.aGuard({ mode: "Rollback" });
    await then.rolledBack();
  });

  scenario(
    "while the Deployment is paused; when it is resumed, it is undone",
    async ({ given, when, then, world }) => {
      await given.aGoodDeployment();
      when.shipped(answers500());
      await world.pass(10_000);
      when.paused();
      await then.held("DeploymentPaused");
      when.paused(false);
      await then.rolledBack();
    },
  );

  scenario("under a veto on the Deployment, until it is lifted", async ({ given, when, then, ...story }) => {
    await given.aGoodDeployment();
    when.vetoed("the database was migrated");
    when.shipped(answers500());
    const { status } = await then.held("Veto");
    expect(status?.brake?.message).to.contain("the database was migrated");
    story.change({ metadata: { annotations: { "rolloutguard.io/veto": null } } });
    await then.rolledBack();
  });

  scenario("under a veto on the release itself, which does not outlive it", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped({ ...answers500("v2"), annotations: { "rolloutguard.io/veto": "schema 7" } });
    await then.held("Veto");
    when.shipped(answers500("v3"));
    await then.incident("Superseded");
    await then.incident("Recovered", 2);
  });

  scenario("within the cooldown, and undone after it", async ({ given, when, then, ...story }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "8m" } } });
    when.shipped(answers500("v2"));
    const first = await then.rolledBack({ from: "v2" });
    when.shipped(answers500("v3"));
    await then.held("Cooldown", { number: 2 });
    const second = await then.rolledBack({ from: "v3", number: 2 });
    const sentAt = (incident: typeof first) => Date.parse(undoStep(incident.status)?.startedAt ?? "");
    expect(sentAt(second) - sentAt(first)).to.be.within(480_000, 540_000);
    expect(story.incidents()).to.have.lengthOf(2);
  });

  scenario("beyond the limit of rollbacks", async ({ given, when, then, world, ...story }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s", maxRollbacks: 1 } } });
    when.shipped(answers500("v2"));
    await then.rolledBack({ from: "v2" });
    when.shipped(answers500("v3"));
    await then.held("RollbackLimitReached", { number: 2 });
    await world.pass(60_000);
    expect(world.ledger.acceptedRollbacks(story.namespace)).to.have.lengthOf(1);
  });

  scenario("when the only other revision was never seen to work", async ({ given, when, then }) => {
    given.aDeployment(answers500("v1"));
    given.aGuard();
    await then.held("NoGoodRevision");
    when.shipped(answers500("v2"));
    await then.incident("Superseded", 1);
    await then.held("NoGoodRevision", { number: 2, rollbacks: 0 });
  });

  scenario("when the revision to restore lost what it needs too", async ({ given, when, then, ...story }) => {
    const valueFrom = { secretKeyRef: { name: "database", key: "DATABASE_URL" } };
    const container = { env: [{ name: "DATABASE_URL", valueFrom }] };
    const deployment = { strategy: { type: "Recreate" } } as const;
    given.aSecret("database");
    await given.aGoodDeployment({ version: { tag: "v1", container, deployment } });
    story.world.cluster.store.delete("secrets", story.namespace, "database");
    when.shipped({ tag: "v2", container, deployment });
    const { status } = await then.held("WouldNotHelp");
    expect(status?.brake?.message).to.contain("Secret/database");
  });

  scenario(
    "when what fails is only a restart of the good revision",
    async ({ given, when, then, ...story }) => {
      given.aSecret("database");
      const valueFrom = { secretKeyRef: { name: "database", key: "DATABASE_URL" } };
      await given.aGoodDeployment({
        version: { tag: "v1", container: { env: [{ name: "DATABASE_URL", valueFrom }] } },
      });
      story.world.cluster.store.delete("secrets", story.namespace, "database");
      when.restarted();
      const { status } = await then.held("WouldNotHelp");
      expect(status?.brake?.message).to.contain("restart");
    },
  );
});

describeScenarios("a guard that cannot work says so", (scenario) => {
  scenario("when it is the second of a Deployment: the older one works alone", async (story) => {
    const { given, when, then, world } = story;
    await given.aGoodDeployment();
    given.aGuard({}, "second");
    await world.eventually(
      () => `the second waits: ${JSON.stringify(story.guardStatus("second"))}`,
      () => condition(story, "second")?.reason === "DuplicateGuard",
    );
    when.shipped(answers500());
    await then.rolledBack();
    expect(story.incidents()).to.have.lengthOf(1);
    expect(story.guardStatus("second").incidents ?? 0).to.equal(0);
  });

  scenario("and takes over when the older one is deleted, with all that was known", async (story) => {
    const { given, when, then, world } = story;
    await given.aGoodDeployment();
    given.aGuard({}, "second");
    await world.eventually(
      () => "the second waits",
      () => condition(story, "second")?.reason === "DuplicateGuard",
    );
    world.cluster.store.delete("rolloutguards", story.namespace, "shop");
    await world.eventually(
      () => `the second works: ${JSON.stringify(story.guardStatus("second"))}`,
      () => story.guardStatus("second").phase === "Healthy",
    );
    when.shipped(answers500());
    await then.incident("Recovered");
    expect(world.ledger.acceptedRollbacks(story.namespace)).to.have.lengthOf(1);
  });

  scenario("when its Deployment is not there yet, and begins when it comes", async (story) => {
    const { given, then, world } = story;
    given.aGuard();
    await world.eventually(
      () => "the guard waits",
      () => condition(story, "shop")?.reason === "TargetNotFound",
    );
    given.aDeployment();
    await then.good("v1");
  });

  scenario("when its spec is wrong: the API server refuses it with what to write instead", async (story) => {
    const limits = { maxRollbacks: 0 };
    expect(() => story.given.aGuard({ limits })).to.throw("use mode: Observe");
  });

  scenario(
    "when its spec came in before today's schema: there is no rollback until it is fixed",
    async (story) => {
      const { given, when, then, world, namespace } = story;
      await given.aSettledDeployment();
      const { store } = world.cluster;
      const guard = store.get("rolloutguards", namespace, "shop");
      if (guard === undefined) throw new Error("there is no guard");
      store.put("rolloutguards", {
        ...guard,
        spec: { target: { kind: "Deployment", name: "shop" }, bakeTime: "soon" },
      });
      // A server without ratcheting refuses even the status that would say so; then the log says it.
      await world.eventually(
        () => "the operator has tried to say so",
        () =>
          world.cluster.requests
            .all()
            .some(
              (request) =>
                request.namespace === namespace && request.verb === "patch" && request.status === 422,
            ),
      );
      when.shipped(answers500());
      await world.pass(90_000);
      then.leftAlone();
      given.aGuard();
      await then.rolledBack();
    },
  );
});

describe("an operator that only observes", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.startOperator({ observeOnly: true });
  });
  afterEach(() => world.stop());

  it("changes no Deployment, whatever the guards say", async () => {
    const { given, when, then } = world.story("shop");
    await given.aGoodDeployment();
    when.shipped(answers500());
    const { status } = await then.held("ObserveMode");
    expect(status?.brake?.message).to.contain("--observe-only");
  });
});

/** The guard's word on itself. */
function condition(story: Story, guard: string) {
  return story.guardStatus(guard).conditions?.find(({ type }) => type === "Ready");
}
