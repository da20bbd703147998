// `kubectl rolloutguard veto`: what it says, and that the guard heeds it.
import { expect } from "chai";
import { ANNOTATIONS } from "../../src/api/group.ts";
import { SHOP } from "../testing/shop.ts";
import { startWorld, type World } from "../testing/world.ts";

describe("kubectl rolloutguard veto", () => {
  let world: World;
  const veto = (...args: readonly string[]) => world.command("a", ["veto", SHOP, ...args]);
  const annotations = () => world.cluster.store.get("deployments", "a", SHOP)?.metadata.annotations ?? {};
  const events = () =>
    world.cluster.store
      .list("events", "a")
      .filter((event) => event["reason"] === "Veto" && event["type"] === "Normal");

  before(async () => {
    world = await startWorld();
    await world.startOperator();
  });

  after(() => world.stop());

  it("keeps the guard from going back until it is removed, and both are reported in Events", async () => {
    const { given, when, then } = world.story("a");
    await given.aGoodDeployment();
    const set = await veto("--reason", "v2 has migrated the database");
    expect([set.exitCode, set.err]).to.deep.equal([0, ""]);
    expect(set.out)
      .to.include("v2 has migrated the database")
      .and.to.include("applies to later releases too")
      .and.to.include("--remove");
    expect(annotations()).to.include({ [ANNOTATIONS.veto]: "v2 has migrated the database" });
    when.shipped({ tag: "v2", env: { HEALTH: "500" } });
    // A person's apply leaves the annotation alone.
    const held = await then.held("Veto");
    expect(held.status?.brake?.message).to.include("v2 has migrated the database");
    const removed = await veto("--remove");
    expect(removed.out).to.include("The guard can roll back again");
    await then.incident("Recovered");
    expect(annotations()).to.not.have.property(ANNOTATIONS.veto);
    expect(events().map((event) => event["message"])).to.deep.equal([
      "kubernetes-admin set a veto on rollbacks: v2 has migrated the database",
      "kubernetes-admin removed the veto on rollbacks (reason: v2 has migrated the database).",
    ]);
  });

  it("says that there is none to remove", async () => {
    world.story("b").given.aDeployment();
    const { exitCode, out } = await world.command("b", ["veto", SHOP, "--remove"]);
    expect([exitCode, out]).to.deep.equal([0, "Deployment shop has no veto.\n"]);
  });

  it("says that nobody heeds it where there is no guard, and works on a Deployment without annotations", async () => {
    const { store } = world.cluster;
    world.story("c").given.aDeployment();
    const bare = store.get("deployments", "c", SHOP);
    if (bare)
      store.update("deployments", { ...bare, metadata: { ...bare.metadata, annotations: undefined } });
    const { exitCode, out } = await world.command("c", ["veto", SHOP, "--reason", "not now"]);
    expect(exitCode).to.equal(0);
    expect(out).to.include("No RolloutGuard");
    expect(store.get("deployments", "c", SHOP)?.metadata.annotations).to.include({
      [ANNOTATIONS.veto]: "not now",
    });
  });

  it("wants a reason, and not both", async () => {
    for (const args of [[], ["--reason", " "], ["--reason", "x", "--remove"]]) {
      expect((await veto(...args)).exitCode, args.join(" ")).to.equal(2);
    }
  });

  it("says that there is no such Deployment", async () => {
    const { exitCode, err } = await world.command("a", ["veto", "shopping", "--reason", "x"]);
    expect([exitCode, err]).to.deep.equal([
      6,
      "error: there is no Deployment shopping in namespace a; there is shop\n",
    ]);
  });
});
