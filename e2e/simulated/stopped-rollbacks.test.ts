// A rollback is a second rollout: where its own pods do not start, those of the failed revision that still serve are left alone.

import { managedFieldsText } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { startDyingOperator } from "../testing/dying-operator.ts";
import { countPauses, isPaused } from "../testing/pauses.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import { anAppliedShop, appliedServerSide } from "../testing/server-side-apply.ts";
import { SHOP, type Version } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const HASTY = {
  strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2, maxSurge: 1 } },
} as const;
const needy = {
  env: [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "database", key: "DATABASE_URL" } } }],
};
/** It works as long as there is a Secret. */
const GOOD: Version = { tag: "v1", container: needy, deployment: HASTY };
/** Only one of its pods is ever ready. */
const BAD: Version = { tag: "v2", env: { LEASE: "leader" }, deployment: HASTY };
const FIX: Version = { tag: "v3", deployment: HASTY };

/** The Secret of the good revision is gone, and the next release fails; its rollback cannot start. */
async function failTwice({ given, when, world, namespace }: Story): Promise<void> {
  given.aSecret("database");
  await given.aGoodDeployment({ version: GOOD });
  await world.pass(10_000);
  world.cluster.store.delete("secrets", namespace, "database");
  when.shipped(BAD);
}

async function isStopped(story: Story): Promise<string> {
  const { name, status } = await story.then.incident("NotRecovered");
  expect(status?.steps?.map(({ action }) => action)).to.deep.equal(["Undo", "Freeze"]);
  expect(status?.message).to.contain("The rollback is stopped");
  expect(isPaused(story)).to.equal(true);
  expect(story.readyEndpoints()).to.equal(1);
  return name;
}

/** The images that the Deployment was told to run: a second rollback would be seen. */
function images({ world, namespace }: Story): readonly string[] {
  return world.ledger.images(namespace, SHOP);
}

/** What that manager owns of the Deployment. */
function ownedBy(story: Story, manager: string): unknown {
  const entries = JSON.parse(managedFieldsText(story.deployment()) || "[]") as { readonly manager: string }[];
  return entries.filter((entry) => entry.manager === manager);
}

describeScenarios("a rollback whose own pods do not start", (scenario) => {
  scenario("is stopped, and the pod of the failed revision that serves is left alone", async (story) => {
    const pauses = countPauses(story);
    await failTwice(story);
    await isStopped(story);
    await story.world.pass(300_000);
    expect(isPaused(story)).to.equal(true);
    expect(story.readyEndpoints()).to.equal(1);
    expect(story.incidents()).to.have.lengthOf(1);
    expect(images(story)).to.deep.equal(["shop:v1", "shop:v2", "shop:v1"]);
    expect(pauses()).to.equal(1);
  });

  scenario("lets the fix ship at once", async (story) => {
    await failTwice(story);
    await isStopped(story);
    story.when.shipped(FIX);
    await story.then.good("v3");
    expect(isPaused(story)).to.equal(false);
    expect(story.deployment().metadata.annotations).not.to.have.property(
      "rolloutguard.io/paused-for-incident",
    );
  });

  scenario("lets a fix ship server-side whose manifest says that it is not paused", async (story) => {
    const { given, world, namespace, then } = story;
    const applied = (version: Version) => ({
      ...version,
      deployment: { ...version.deployment, paused: false },
    });
    given.aSecret("database");
    await anAppliedShop(story, applied(GOOD));
    world.cluster.store.delete("secrets", namespace, "database");
    expect(await appliedServerSide(story, applied(BAD))).to.equal("applied");
    await isStopped(story);
    await world.eventually(
      () => "the pause is handed over",
      () => /"f:paused"/.test(JSON.stringify(ownedBy(story, "helm"))),
    );
    expect(await appliedServerSide(story, applied(FIX))).to.equal("applied");
    await then.good("v3");
    expect(isPaused(story)).to.equal(false);
  });

  scenario("is resumed when its guard is deleted: nobody else would end the pause", async (story) => {
    await failTwice(story);
    await isStopped(story);
    story.world.cluster.store.delete("rolloutguards", story.namespace, SHOP);
    await story.world.eventually(
      () => "the Deployment is resumed",
      () => !isPaused(story),
    );
    expect(story.deployment().metadata.annotations).not.to.have.property(
      "rolloutguard.io/paused-for-incident",
    );
  });

  scenario("goes on when its pods are ready, and recovers late", async (story) => {
    await failTwice(story);
    await isStopped(story);
    story.given.aSecret("database");
    await story.then.incident("Recovered");
    expect(isPaused(story)).to.equal(false);
    expect(story.readyEndpoints()).to.equal(3);
  });

  scenario("goes on when a person resumes it, and is not stopped again", async (story) => {
    const pauses = countPauses(story);
    await failTwice(story);
    await isStopped(story);
    story.when.paused(false);
    await story.world.pass(120_000);
    expect(isPaused(story)).to.equal(false);
    expect(story.deployment().metadata.annotations).not.to.have.property(
      "rolloutguard.io/paused-for-incident",
    );
    expect(pauses()).to.equal(1);
  });
});

describe("an operator that crashes while it stops a rollback", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  for (const cut of ["after", "before"] as const) {
    it(`at any write, which is ${cut === "after" ? "carried out" : "lost"}, is followed by one that stops it once`, async () => {
      const story = world.story(`crashes-${cut}`);
      const operator = await startDyingOperator(world, story);
      const pauses = countPauses(story);
      await failTwice(story);
      await story.then.incident("Verifying");
      const dying = operator.dieAtWrites(cut);
      await isStopped(story);
      await dying.stop();
      expect(dying.writes()).to.be.greaterThan(1);
      await world.pass(30_000);
      expect(isPaused(story)).to.equal(true);
      expect(images(story)).to.deep.equal(["shop:v1", "shop:v2", "shop:v1"]);
      expect(pauses()).to.equal(1);
    });
  }
});

describe("a rollback by hand after one that was stopped", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
    await world.startOperator();
  });
  after(() => world.stop());

  it("ends the pause in the same request, and says so before", async () => {
    const story = world.story("by-hand");
    await failTwice(story);
    const stopped = await isStopped(story);
    const args = ["rollback", SHOP, "--to-revision", "2", "--yes", "--timeout", "30s"];
    const { out } = await world.command(story.namespace, args);
    expect(out.replace(/\s+/g, " "))
      .to.include(`stop the rollback of Incident ${stopped}`)
      .and.include("recorded as Incident");
    expect(isPaused(story)).to.equal(false);
    expect(story.deployment().metadata.annotations).not.to.have.property(
      "rolloutguard.io/paused-for-incident",
    );
    expect(images(story)).to.deep.equal(["shop:v1", "shop:v2", "shop:v1", "shop:v2"]);
  });
});
