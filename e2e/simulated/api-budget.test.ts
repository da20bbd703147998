// What the operator costs the API server: requests of a rollback and of a healthy rollout, and sockets.
import { expect } from "chai";
import { isOperators } from "../testing/ledger.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import { anAppliedShop, appliedServerSide } from "../testing/server-side-apply.ts";
import { SHOP } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };

describeScenarios("the operator's requests are at most", (scenario) => {
  scenario(
    "10 for a rollback that rests on pods, from the decision to the guard's last word",
    async (story) => {
      await story.given.aSettledDeployment();
      const requests = requestsFromNow(story);
      story.when.shipped(BAD);
      await story.then.rolledBack();
      await story.world.pass(60_000);
      expect(fromDecision(requests())).to.deep.equal([
        "get deployments",
        "list pods",
        "list replicasets",
        "create incidents",
        "patch deployments",
        "patch incidents/status",
        "create events",
        "patch rolloutguards/status",
        "patch incidents/status",
        "patch rolloutguards/status",
      ]);
    },
  );

  scenario("two more, for Services and endpoints, when service is lost", async (story) => {
    const deployment = { strategy: { type: "Recreate" } } as const;
    await story.given.aGoodDeployment({ version: { tag: "v1", deployment } });
    await story.world.pass(10_000);
    const requests = requestsFromNow(story);
    story.when.shipped({ ...BAD, deployment });
    await story.then.rolledBack();
    await story.world.pass(60_000);
    const rereads = ["list endpointslices", "list pods", "list services"];
    expect(
      requests()
        .filter((request) => rereads.includes(request))
        .toSorted(),
    ).to.deep.equal(rereads);
    expect(fromDecision(requests())).to.have.length(12);
  });

  scenario("one more, for the NetworkPolicies, when the rollout changed labels", async (story) => {
    await story.given.aGoodDeployment({ guard: { freeze: "Never" } });
    await story.world.pass(10_000);
    const requests = requestsFromNow(story);
    story.when.shipped({ tag: "v2", labels: { app: SHOP } });
    await story.then.rolledBack();
    await story.world.pass(60_000);
    const asked = requests().filter((request) => request === "list networkpolicies");
    expect(asked).to.have.length(1);
    expect(fromDecision(requests().filter((request) => request !== "list networkpolicies"))).to.have.length(
      12,
    );
  });

  scenario("8 for the pause of a suspicious rollout", async (story) => {
    await story.given.aSettledDeployment();
    const requests = requestsFromNow(story);
    story.when.shipped({ tag: "v2", labels: { app: SHOP }, env: { START_DELAY: "100s" } });
    await story.world.eventually(
      () => "the pause is reported",
      () => requests().includes("create events"),
    );
    const pausing = fromDecision(requests());
    const reads = ["get deployments", "list endpointslices", "list replicasets", "list services"];
    expect(pausing.slice(0, 4).toSorted()).to.deep.equal(reads);
    expect(pausing.slice(4)).to.deep.equal([
      "patch rolloutguards/status",
      "patch deployments",
      "patch rolloutguards/status",
      "create events",
    ]);
  });

  scenario("one more, for the log, when the guard asks for logs", async (story) => {
    await story.given.aGoodDeployment({ guard: { evidence: { logs: true } } });
    await story.world.pass(60_000);
    const requests = requestsFromNow(story);
    story.when.shipped(BAD);
    await story.then.rolledBack();
    await story.world.pass(60_000);
    const asked = requests().filter((request) => request === "get pods/log");
    expect(asked).to.have.length(1);
    expect(fromDecision(requests().filter((request) => request !== "get pods/log"))).to.have.length(10);
  });

  scenario(
    "two more, to hand fields over, when somebody applies the Deployment server-side",
    async (story) => {
      await anAppliedShop(story, { tag: "v1" });
      const requests = requestsFromNow(story);
      expect(await appliedServerSide(story, BAD)).to.equal("applied");
      await story.then.incident("Recovered");
      await story.world.pass(60_000);
      const ofDeployment = requests().filter((request) => request.endsWith(" deployments"));
      // Once more where the Deployment's status was written between the two.
      const handOvers = ofDeployment.length / 2 - 1;
      expect(handOvers).to.be.within(1, 2);
      const pairs = Array.from({ length: 1 + handOvers }, () => ["get deployments", "patch deployments"]);
      expect(ofDeployment).to.deep.equal(pairs.flat());
      expect(fromDecision(requests())).to.have.length(10 + 2 * handOvers);
    },
  );

  scenario("8 for an Incident that is held", async (story) => {
    await story.given.aSettledDeployment();
    const requests = requestsFromNow(story);
    story.when.vetoed("the database was migrated");
    story.when.shipped(BAD);
    await story.then.held("Veto");
    await story.world.pass(60_000);
    expect(fromDecision(requests())).to.deep.equal([
      "get deployments",
      "list pods",
      "list replicasets",
      "create incidents",
      "patch incidents/status",
      "create events",
      "create events",
      "patch rolloutguards/status",
    ]);
  });

  scenario(
    "one more each 15 s while a pod of the rollout is unschedulable, for its Normal Events",
    async (story) => {
      await story.given.aGoodDeployment({ guard: { checks: { unschedulable: { patience: "60s" } } } });
      const { requests } = story.world.cluster;
      const asked = () =>
        requests
          .all()
          .filter((request) => isOperators(request) && request.namespace === story.namespace)
          .filter(({ verb, resource }) => verb === "list" && resource === "events")
          .map(({ at }) => at);
      story.when.shipped({ tag: "v2", pod: { nodeSelector: { pool: "of-no-node" } } });
      await story.then.rolledBack();
      const times = asked();
      expect(times.length).to.be.at.least(3);
      // The cluster's clock is fast: each request, and the rollback, take a moment of a busy machine's time.
      const between = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
      expect(between, "between two requests, on average").to.be.at.least(12_000);
      await story.world.pass(60_000);
      expect(asked()).to.have.length(times.length);
    },
  );

  scenario("5 for a healthy rollout: the guard's status, and one Event", async (story) => {
    await story.given.aSettledDeployment();
    const requests = requestsFromNow(story);
    story.when.shipped({ tag: "v2", env: { START_DELAY: "20s" } });
    await story.then.good("v2");
    await story.world.pass(60_000);
    const isStatus = (request: string) => request === "patch rolloutguards/status";
    // Progressing, Baking, Healthy; and once more when the guard sees the Deployment before its new ReplicaSet.
    expect(requests().filter(isStatus).length).to.be.within(3, 4);
    expect(requests().filter((request) => !isStatus(request))).to.deep.equal(["create events"]);
  });

  scenario("none while nothing is released, although pods come and go", async (story) => {
    await story.given.aSettledDeployment();
    const requests = requestsFromNow(story);
    const [pod] = story.pods();
    story.world.cluster.store.delete("pods", story.namespace, pod?.metadata.name ?? "");
    await story.world.pass(90_000);
    expect(story.isComplete()).to.equal(true);
    expect(requests()).to.deep.equal([]);
  });

  scenario(
    "2 while nothing is released and no pod is left: the guard is not healthy, and is again",
    async (story) => {
      // Slow enough to be seen by an operator on a busy machine.
      await story.given.aGoodDeployment({ version: { tag: "v1", env: { START_DELAY: "30s" } } });
      await story.world.pass(10_000);
      const requests = requestsFromNow(story);
      story.when.allPodsDeleted();
      await story.world.pass(120_000);
      expect(story.isComplete()).to.equal(true);
      expect(requests()).to.deep.equal(["patch rolloutguards/status", "patch rolloutguards/status"]);
    },
  );
});

describe("the operator's sockets", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("are at most 8 at any time: at its start, in a rollback, and when all watches break", async () => {
    await world.startOperator();
    const { given, when, then } = world.story("shop");
    await given.aGoodDeployment();
    expect(world.cluster.peakSockets(), "at its start").to.be.within(2, 8);
    when.shipped(BAD);
    await then.rolledBack();
    world.cluster.cutWatches();
    await world.pass(30_000);
    expect(world.cluster.openWatches(), "watches").to.equal(7);
    expect(world.cluster.openSockets(), "now").to.be.within(7, 8);
    expect(world.cluster.peakSockets(), "in all").to.be.at.most(8);
  });
});

/**
 * The operator's requests about the story's namespace from now on, watches aside. Without TLS seven sockets are left
 * for eight watches, so Events are polled: that poll is told apart because it lists the whole cluster, once for all
 * guards, whatever happens; every request of a rollback names its namespace.
 */
function requestsFromNow({ world, namespace }: Story): () => readonly string[] {
  const { requests } = world.cluster;
  const before = requests.all().length;
  return () =>
    requests
      .all()
      .slice(before)
      .filter((request) => isOperators(request) && request.namespace === namespace)
      .filter(({ verb }) => verb !== "watch")
      .map(({ verb, resource, subresource }) => `${verb} ${resource}${subresource ? `/${subresource}` : ""}`);
}

/** From the second look on, which comes before the Incident. */
function fromDecision(requests: readonly string[]): readonly string[] {
  return requests.slice(requests.indexOf("get deployments"));
}
