// `kubectl rolloutguard rollback`: by hand, beside an operator and without one, and what comes in between.
import { expect } from "chai";
import { ANNOTATIONS } from "../../src/api/group.ts";
import type { RolloutGuardStatus } from "../../src/api/rollout-guard.ts";
import type { CommandRun, Surroundings } from "../../src/cli/testing/run-command.ts";
import { SHOP } from "../testing/shop.ts";
import { startWorld, type World } from "../testing/world.ts";

const UNHEALTHY = { HEALTH: "500" };
const TYPED = { isInputTyped: true };

describe("kubectl rolloutguard rollback", () => {
  let world: World;
  const rollback = (args: readonly string[], surroundings?: Surroundings): Promise<CommandRun> =>
    world.command("a", ["rollback", SHOP, ...args], surroundings);
  const image = () =>
    world.cluster.store.get("deployments", "a", SHOP)?.spec.template.spec.containers[0]?.image;

  const generation = () => world.cluster.store.get("deployments", "a", SHOP)?.metadata.generation;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.stop());

  /** v1 and then v2, both fully rolled out, without a guard. */
  async function twoVersions(): Promise<void> {
    const { given, when } = world.story("a");
    // However busy the machine is.
    const untilRolledOut = () => world.command("a", ["wait", SHOP, "--timeout", "1h"]);
    given.aDeployment();
    expect((await untilRolledOut()).exitCode).to.equal(0);
    when.shipped({ tag: "v2" });
    expect((await untilRolledOut()).exitCode).to.equal(0);
  }

  describe("beside an operator", () => {
    beforeEach(() => world.startOperator());

    it("goes back from a version that works, as an Incident of kind Manual that the operator verifies", async () => {
      const { given, when, then } = world.story("a");
      await given.aGoodDeployment();
      when.shipped({ tag: "v2" });
      await then.good("v2");
      const { exitCode, out } = await rollback([
        "--yes",
        "--reason",
        "orders are billed twice by postgres://app:hunter22@db/shop",
      ]);
      expect(exitCode, out).to.equal(0);
      expect(out)
        .to.include("image shop:v2 → shop:v1")
        .and.to.match(/^restored: .* is serving again/m);
      const incident = await then.incident("Recovered");
      expect(incident.spec).to.include({
        kind: "Manual",
        requestedBy: "kubernetes-admin",
        reason: "ManualRollback",
        message: "requested by kubernetes-admin: orders are billed twice by postgres://app:***@db/shop",
      });
      expect(world.ledger.phases("a", incident.name).join()).to.equal("Acting,Verifying,Recovered");
      expect(image()).to.equal("shop:v1");
      await world.eventually(
        () => "the revision is quarantined, and no rollback counted",
        () => {
          const status = world.cluster.store.get("rolloutguards", "a", SHOP)?.[
            "status"
          ] as RolloutGuardStatus;
          const { hash } = incident.spec.failedRevision;
          const verdict = status.revisions?.find((entry) => entry.hash === hash)?.verdict;
          return verdict === "Bad" && status.rollbacks === 0 && status.incidents === 1;
        },
      );
      expect(generation(), "changes after the two versions").to.equal(3);
    });

    it("takes the place of what the guard only observes", async () => {
      const { given, when, then } = world.story("a");
      await given.aGoodDeployment({ guard: { mode: "Observe" } });
      when.shipped({ tag: "v2", env: UNHEALTHY });
      await then.held("ObserveMode");
      const { exitCode, out } = await rollback(["--yes"]);
      expect(exitCode, out).to.equal(0);
      expect((await then.incident("Superseded", 1)).status?.message).to.include("is rolling back manually");
      const byHand = await then.incident("Recovered", 2);
      expect(byHand.spec).to.include({ kind: "Manual", reason: "NotReady" });
    });

    it("leaves a rollback to the guard that has begun it", async () => {
      const { given, when, then } = world.story("a");
      await given.aGoodDeployment();
      world.cluster.faults.add({
        on: { verb: "patch", resource: "deployments" },
        does: { answer: { code: 503 } },
        forMs: 600_000,
      });
      when.shipped({ tag: "v2", env: UNHEALTHY });
      const { name } = await then.incident("Acting");
      const { exitCode, err } = await rollback(["--yes"]);
      expect(exitCode, err).to.equal(7);
      expect(err).to.include("is being rolled back already").and.to.include(name);
    });

    it("does not count towards the guard's limits: the next bad release is undone at once", async () => {
      const { given, when, then } = world.story("a");
      await given.aGoodDeployment({ guard: { limits: { maxRollbacks: 1, cooldown: "1h" } } });
      when.shipped({ tag: "v2" });
      await then.good("v2");
      expect((await rollback(["--yes"])).exitCode).to.equal(0);
      when.shipped({ tag: "v3", env: UNHEALTHY });
      const incident = await then.incident("Recovered", 2);
      expect(incident.spec.kind).to.equal("Automatic");
      expect(image()).to.equal("shop:v1");
    });

    it("is finished by the operator when the command ends after the patch", async () => {
      const { given, when, then } = world.story("a");
      await given.aGoodDeployment();
      when.shipped({ tag: "v2" });
      await then.good("v2");
      const { exitCode } = await rollback(["--yes", "--timeout", "1ms"]);
      expect(exitCode).to.be.oneOf([0, 5]);
      await then.incident("Recovered");
    });
  });

  describe("without an operator", () => {
    it("verifies by itself, and writes the end of its Incident", async () => {
      await twoVersions();
      const { exitCode, out } = await rollback(["--yes", "--to-revision", "1"]);
      expect(exitCode, out).to.equal(0);
      expect(image()).to.equal("shop:v1");
      const [incident] = world.story("a").incidents();
      expect(incident?.phase).to.equal("Recovered");
      expect(incident?.spec).to.not.have.property("guard");
      expect(incident?.status?.timeline.map(({ what }) => what)).to.include.members([
        "ManualRollback",
        "Verifying",
        "Recovered",
      ]);
      const events = world.cluster.store.list("events", "a").map((event) => String(event["message"]));
      expect(events.join("\n")).to.include("Manual rollback of revision");
    });

    it("verifies a guarded one too when nobody else does", async () => {
      await twoVersions();
      world.story("a").given.aGuard();
      const { exitCode, out } = await rollback(["--yes", "--to-revision", "1"]);
      expect(exitCode, out).to.equal(0);
      expect(world.story("a").incidents()[0]?.spec.guard?.name).to.equal(SHOP);
    });

    it("says when service does not come back", async () => {
      const { given, when } = world.story("a");
      given.aDeployment({ tag: "v1", env: UNHEALTHY });
      await world.command("a", ["wait", SHOP]);
      when.shipped({ tag: "v2" });
      expect((await world.command("a", ["wait", SHOP])).exitCode).to.equal(0);
      const { exitCode, out } = await rollback(["--yes", "--to-revision", "1"]);
      expect(exitCode, out).to.equal(1);
      expect(out).to.match(/^not restored: .* is still not serving/m);
      expect(world.story("a").incidents()[0]?.phase).to.equal("NotRecovered");
    });

    it("does not guess which revision worked", async () => {
      await twoVersions();
      const { exitCode, err } = await rollback(["--yes"]);
      expect([exitCode, err]).to.deep.equal([
        1,
        "error: no earlier revision is known to be good; pass one with --to-revision: 1 (shop:v1)\n",
      ]);
    });

    it("says which revisions there are when there is no such one", async () => {
      await twoVersions();
      const { exitCode, err } = await rollback(["--yes", "--to-revision", "7"]);
      expect([exitCode, err]).to.deep.equal([
        1,
        "error: there is no revision 7 in the Deployment's history; it has 1 (shop:v1)\n",
      ]);
    });

    it("heeds a pause and a veto", async () => {
      await twoVersions();
      const { when } = world.story("a");
      when.vetoed("the database was migrated");
      const vetoed = await rollback(["--yes", "--to-revision", "1"]);
      expect([vetoed.exitCode, vetoed.err.includes("the database was migrated")]).to.deep.equal([1, true]);
      await world.command("a", ["veto", SHOP, "--remove"]);
      when.paused();
      const paused = await rollback(["--yes", "--to-revision", "1"]);
      expect([paused.exitCode, paused.err.includes("kubectl rollout resume")]).to.deep.equal([1, true]);
      expect(world.ledger.incidents("a")).to.deep.equal([]);
    });
  });

  describe("asking", () => {
    it("changes nothing without a yes", async () => {
      await twoVersions();
      const { exitCode, out } = await rollback(["--to-revision", "1"], { ...TYPED, answer: () => "n" });
      expect([exitCode, out.includes("Nothing was changed.")]).to.deep.equal([1, true]);
      expect([image(), world.ledger.incidents("a")]).to.deep.equal(["shop:v2", []]);
    });

    it("wants --yes where nobody can be asked", async () => {
      const { exitCode, err } = await rollback([]);
      expect([exitCode, err.includes("--yes")]).to.deep.equal([2, true]);
    });

    it("shows with --dry-run what it would change, and changes nothing", async () => {
      await twoVersions();
      const { exitCode, out } = await rollback(["--dry-run", "--to-revision", "1"]);
      expect(exitCode, out).to.equal(0);
      expect(out)
        .to.include("image shop:v2 → shop:v1")
        .and.to.include("The API server accepts the rollback.");
      expect([image(), world.ledger.incidents("a")]).to.deep.equal(["shop:v2", []]);
    });
  });

  describe("what comes in between", () => {
    it("does nothing when a new version was pushed while it asked", async () => {
      await twoVersions();
      const { exitCode, err } = await rollback(["--to-revision", "1"], {
        ...TYPED,
        answer: async () => {
          world.story("a").when.shipped({ tag: "v3" });
          await world.pass(2_000);
          return "y";
        },
      });
      expect(exitCode, err).to.equal(7);
      expect(err).to.include("is at revision 3 now");
      expect([image(), world.ledger.incidents("a")]).to.deep.equal(["shop:v3", []]);
    });

    it("is refused when it was pushed between the look and the patch, and says so in its Incident", async () => {
      await twoVersions();
      const beforePatch = world.cluster.onRequest(({ verb, target }) => {
        if (verb === "create" && target?.resource === "incidents")
          world.story("a").when.shipped({ tag: "v3" });
        return undefined;
      });
      const { exitCode, err } = await rollback(["--yes", "--to-revision", "1"]);
      expect(exitCode, err).to.equal(7);
      expect(err).to.include("changed before it could be rolled back; nothing was rolled back");
      expect(image()).to.equal("shop:v3");
      expect(world.story("a").incidents()[0]?.phase).to.equal("Superseded");
      beforePatch();
    });

    it("goes back once when two people ask at the same time", async () => {
      await twoVersions();
      const runs = await Promise.all([1, 2].map(() => rollback(["--yes", "--to-revision", "1"])));
      const codes = runs.map(({ exitCode }) => exitCode).sort((a, b) => a - b);
      expect(codes, runs.map(({ out, err }) => out + err).join("\n")).to.deep.equal([0, 7]);
      expect(generation(), "changes after the two versions").to.equal(3);
      expect(
        world
          .story("a")
          .incidents()
          .map(({ phase }) => phase),
      ).to.deep.equal(["Recovered"]);
      expect(image()).to.equal("shop:v1");
    });

    it("finds out what became of a patch whose answer was lost", async () => {
      await twoVersions();
      world.cluster.faults.add({
        on: { verb: "patch", resource: "deployments" },
        does: { cut: "after" },
        times: 1,
      });
      const { exitCode, out, err } = await rollback(["--yes", "--to-revision", "1"]);
      expect(exitCode, out + err).to.equal(0);
      expect(world.cluster.store.get("deployments", "a", SHOP)?.metadata.annotations).to.have.property(
        ANNOTATIONS.incident,
      );
    });

    it("names the right that is missing, and has changed nothing", async () => {
      await twoVersions();
      world.cluster.faults.add({
        on: { verb: "create", resource: "incidents" },
        does: { answer: { code: 403 } },
      });
      const { exitCode, err } = await rollback(["--yes", "--to-revision", "1"]);
      expect([exitCode, image()]).to.deep.equal([3, "shop:v2"]);
      expect(err).to.match(/incidents/);
    });
  });
});
