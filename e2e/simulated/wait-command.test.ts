// `kubectl rolloutguard wait`: what a pipeline is told of a rollout, with and without an operator.
import { expect } from "chai";
import { SHOP } from "../testing/shop.ts";
import { startWorld, type World } from "../testing/world.ts";

const CRASHING = { CRASH: "1", CRASH_AFTER: "2s", EXIT_MESSAGE: "DATABASE_URL is not set" };
const UNHEALTHY = { HEALTH: "500" };

describe("kubectl rolloutguard wait", () => {
  let world: World;
  const wait = (namespace: string, ...flags: readonly string[]) =>
    world.command(namespace, ["wait", `deployment/${SHOP}`, ...flags]);

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.stop());

  describe("without an operator", () => {
    it("ends when a rollout without a guard is available and has endpoints", async () => {
      world.story("a").given.aDeployment();
      const { exitCode, out } = await wait("a");
      expect(exitCode, out).to.equal(0);
      expect(out).to.match(
        /^healthy: revision 1 \(\w+\) is healthy: 3 of 3 pods available, endpoints: shop 3\.$/m,
      );
    });

    it("tells the end as data when asked to", async () => {
      world.story("a").given.aDeployment({ tag: "v1", env: CRASHING });
      const { exitCode, out } = await wait("a", "-o", "json");
      const end = JSON.parse(out) as {
        outcome: string;
        exitCode: number;
        message: string;
        details: string[];
      };
      expect(end).to.include({ outcome: "failing", exitCode: 1 });
      expect(end.message).to.contain("CrashLooping");
      expect(end.details.join()).to.contain("Cause (");
      expect(exitCode).to.equal(1);
    });

    it("fails by the default rules, with the cause and what to change", async () => {
      world.story("a").given.aDeployment({ tag: "v1", env: CRASHING });
      const { exitCode, out } = await wait("a");
      expect(exitCode, out).to.equal(1);
      expect(out).to.match(/^failing: revision 1 \(\w+\) fails: CrashLooping: /m);
      expect(out).to.match(/^ {2}Cause \(\w+\): /m);
      expect(out).to.include("No RolloutGuard watches this Deployment");
      expect(world.ledger.incidents("a"), "Incidents").to.deep.equal([]);
    });

    it("says of a guarded rollout that fails that nobody acts on it", async () => {
      const { given } = world.story("a");
      given.aDeployment({ tag: "v1", env: CRASHING });
      given.aGuard();
      const { exitCode, out } = await wait("a");
      expect(exitCode, out).to.equal(1);
      expect(out).to.include("No operator has acted within 20s");
    });

    it("takes no moment between two crashes for health", async () => {
      const { given, when } = world.story("a");
      given.aDeployment();
      expect((await wait("a")).exitCode).to.equal(0);
      when.shipped({ tag: "v2", env: CRASHING, container: { readinessProbe: undefined } });
      const { exitCode, out } = await wait("a");
      expect(exitCode, out).to.equal(1);
    });

    it("gives Services their own time once all pods are available", async () => {
      const { given } = world.story("a");
      given.aDeployment({ tag: "v1" });
      given.aGuard({ checks: { emptyEndpoints: { enabled: false } }, services: [SHOP] });
      world.cluster.store.patch("services", "a", SHOP, { spec: { selector: { app: "nobody" } } });
      const { exitCode, out } = await wait("a", "--endpoints-timeout", "20s");
      expect(exitCode, out).to.equal(1);
      expect(out, out).to.include(
        "EmptyEndpoints: all its pods are available, and Service shop has had no ready endpoint for 20s",
      );
    });

    it("waits through the bake time when asked to", async () => {
      const { given } = world.story("a");
      given.aDeployment();
      given.aGuard({ bakeTime: "40s" });
      const beganAt = world.cluster.now();
      const { exitCode, out } = await wait("a", "--baked");
      expect(exitCode, out).to.equal(0);
      expect(out).to.include("is healthy and good");
      expect(world.cluster.now() - beganAt).to.be.at.least(40_000);
    });

    it("tells what it waited for when the time is over", async () => {
      const { given, when } = world.story("a");
      given.aDeployment({ tag: "v1", deployment: { replicas: 1 } });
      when.paused();
      when.shipped({ tag: "v2", deployment: { replicas: 1, paused: true } });
      const { exitCode, out } = await wait("a", "--timeout", "20s");
      expect(exitCode, out).to.equal(5);
      expect(out).to.include("Not healthy within 20s").and.to.include("paused");
    });

    it("says that another rollout came", async () => {
      const { given, when } = world.story("a");
      given.aDeployment({ tag: "v1", env: { START_DELAY: "60" } });
      const waiting = wait("a");
      await world.pass(10_000);
      when.shipped({ tag: "v2" });
      const { exitCode, out } = await waiting;
      expect(exitCode, out).to.equal(7);
      expect(out).to.include("Another rollout started before this one was healthy");
    });

    it("says that there is no such Deployment, and which one was meant", async () => {
      world.story("a").given.aDeployment();
      const { exitCode, err } = await world.command("a", ["wait", "deployment/shopp"]);
      expect([exitCode, err]).to.deep.equal([
        6,
        "error: there is no Deployment shopp in namespace a; did you mean shop?\n",
      ]);
    });

    it("ends when the Deployment is deleted meanwhile", async () => {
      world.story("a").given.aDeployment({ tag: "v1", env: { START_DELAY: "60" } });
      const waiting = wait("a");
      await world.pass(10_000);
      world.cluster.store.delete("deployments", "a", SHOP);
      expect((await waiting).exitCode).to.equal(6);
    });

    it("does without guards and Incidents where they may not be read, and says so", async () => {
      world.story("a").given.aDeployment();
      for (const resource of ["rolloutguards", "incidents"] as const) {
        world.cluster.faults.add({ on: { resource }, does: { answer: { code: 403 } } });
      }
      const { exitCode, out, err } = await wait("a");
      expect(exitCode, out).to.equal(0);
      expect(err).to.include("note: rolloutguards cannot be read");
    });

    it("says which right is missing when pods may not be read", async () => {
      world.story("a").given.aDeployment();
      world.cluster.faults.add({ on: { resource: "pods" }, does: { answer: { code: 403 } } });
      const { exitCode, err } = await wait("a");
      expect(exitCode).to.equal(3);
      expect(err).to.match(/^error: .*pods/);
    });

    it("refuses what is no span and what is no Deployment", async () => {
      const wrong = await wait("a", "--timeout", "soon");
      expect([wrong.exitCode, wrong.err]).to.deep.equal([
        2,
        "error: --timeout soon: pass a duration such as 90s or 10m\n",
      ]);
      expect((await world.command("a", ["wait", "statefulset/db"])).exitCode).to.equal(2);
    });
  });

  describe("with an operator", () => {
    beforeEach(() => world.startOperator());

    it("tells that the guard went back, and whether service is restored", async () => {
      const { given, when } = world.story("a");
      await given.aGoodDeployment();
      when.shipped({ tag: "v2", env: UNHEALTHY });
      const { exitCode, out } = await wait("a");
      expect(exitCode, out).to.equal(4);
      expect(out).to.match(/^rolled back: The guard rolled back revision 2 .* to revision 1 .*: NotReady: /m);
      expect(out).to.include("is serving again").and.to.include("kubectl rolloutguard incidents shop-");
    });

    it("tells it also when it comes after that", async () => {
      const { given, when, then } = world.story("a");
      await given.aGoodDeployment();
      when.shipped({ tag: "v2", env: UNHEALTHY });
      await then.incident("Recovered");
      expect((await wait("a")).exitCode).to.equal(4);
      await world.pass(120_000);
      expect((await wait("a")).exitCode, "what was undone long ago").to.equal(0);
    });

    it("tells what holds the guard", async () => {
      const { given, when } = world.story("a");
      await given.aGoodDeployment({ guard: { mode: "Observe" } });
      when.shipped({ tag: "v2", env: CRASHING });
      const { exitCode, out } = await wait("a");
      expect(exitCode, out).to.equal(1);
      expect(out, out).to.match(/^ {2}No rollback \(ObserveMode\): /m);
    });

    it("ends at once where nothing is rolled out and the revision is good", async () => {
      const { given } = world.story("a");
      await given.aGoodDeployment();
      const { exitCode, out } = await wait("a", "--baked");
      expect(exitCode, out).to.equal(0);
      expect(out.trim().split("\n")).to.have.lengthOf(1);
    });
  });
});
