// Between the decision and the act anything may happen: people, another operator, and a network that loses answers.
import { expect } from "chai";
import { atRequests, atWrites, beforeFirst, firstFares } from "../testing/interventions.ts";
import { isOperators } from "../testing/ledger.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };
const FIX = { tag: "v3" };

describeScenarios("what people do at the last moment counts", (scenario) => {
  scenario("a fix that comes between the last look and the patch stands", async (story) => {
    const { given, when, then, world, namespace } = story;
    await given.aGoodDeployment();
    beforeFirst(story, "patch deployments", () => when.shipped(FIX));
    when.shipped(BAD);
    const { name } = await then.incident("Superseded");
    await then.good("v3");
    expect(world.ledger.rollbacks(namespace).map(({ status }) => status)).to.deep.equal([422]);
    expect(world.ledger.images(namespace, "shop")).to.deep.equal(["shop:v1", "shop:v2", "shop:v3"]);
    expect(world.ledger.phases(namespace, name)).to.deep.equal(["Acting", "Superseded"]);
    expect(story.guardStatus()).to.include({ rollbacks: 0, incidents: 1 });
  });

  scenario(
    "a fix that comes between the decision and the last look leaves nothing to record",
    async (story) => {
      const { given, when, then } = story;
      await given.aGoodDeployment();
      beforeFirst(story, "get deployments", () => when.shipped(FIX));
      when.shipped(BAD);
      await then.good("v3");
      then.leftAlone();
    },
  );

  scenario("a fix that is bad too is judged on its own", async (story) => {
    const { given, when, then, world, namespace } = story;
    await given.aGoodDeployment();
    beforeFirst(story, "patch deployments", () => when.shipped({ ...BAD, tag: "v3" }));
    when.shipped(BAD);
    const { name } = await then.incident("Superseded", 1);
    await then.incident("Recovered", 2);
    expect(world.ledger.acceptedRollbacks(namespace)).to.have.lengthOf(1);
    expect(world.ledger.phases(namespace, name)).to.deep.equal(["Acting", "Superseded"]);
    expect(world.ledger.images(namespace, "shop")).to.deep.equal([
      "shop:v1",
      "shop:v2",
      "shop:v3",
      "shop:v1",
    ]);
  });

  scenario("a new number of replicas is kept, and the rollback sent anew", async (story) => {
    const { given, when, then, world, namespace } = story;
    await given.aGoodDeployment();
    beforeFirst(story, "patch deployments", () => when.scaledTo(5));
    when.shipped(BAD);
    await then.rolledBack({ endpoints: 5 });
    expect(world.ledger.rollbacks(namespace).map(({ status }) => status)).to.deep.equal([422, 200]);
  });

  scenario("a veto that is set after the decision holds the Incident, until it is lifted", async (story) => {
    const { given, when, then } = story;
    await given.aGoodDeployment();
    beforeFirst(story, "get deployments", () => when.vetoed("the database was migrated"));
    when.shipped(BAD);
    const { status } = await then.held("Veto");
    expect(status?.brake?.message).to.contain("the database was migrated");
    story.change({ metadata: { annotations: { "rolloutguard.io/veto": null } } });
    const incident = await then.incident("Recovered");
    // What the second look sees is recorded, so the Incident never meant what the veto forbids.
    expect(story.world.ledger.phases(story.namespace, incident.name)).to.deep.equal([
      "Held",
      "Acting",
      "Verifying",
      "Recovered",
    ]);
    expect(story.world.ledger.acceptedRollbacks(story.namespace)).to.have.lengthOf(1);
  });

  scenario("another Deployment of the same name is not touched", async (story) => {
    const { given, when, then, world, namespace } = story;
    await given.aGoodDeployment();
    beforeFirst(story, "patch deployments", () => {
      world.cluster.store.delete("deployments", namespace, "shop");
      when.shipped(FIX);
    });
    when.shipped(BAD);
    await then.incident("Superseded");
    await then.good("v3");
    expect(world.ledger.acceptedRollbacks(namespace)).to.deep.equal([]);
  });

  scenario("a Deployment that is deleted ends its Incident", async (story) => {
    const { given, when, then, world, namespace } = story;
    await given.aGoodDeployment();
    beforeFirst(story, "patch deployments", () =>
      world.cluster.store.delete("deployments", namespace, "shop"),
    );
    when.shipped(BAD);
    const { status } = await then.incident("Superseded");
    expect(status?.message).to.contain("deleted");
    await world.eventually(
      () => `the guard waits: ${JSON.stringify(story.guardStatus())}`,
      () => story.guardStatus().phase === "Waiting",
    );
  });
});

describeScenarios("an answer that is lost does not make anything happen twice", (scenario) => {
  for (const write of [
    "create incidents",
    "patch deployments",
    "patch incidents/status",
    "patch rolloutguards/status",
  ]) {
    scenario(`of ${write}`, async (story) => {
      await story.given.aGoodDeployment();
      firstFares(story, write, { cut: "after" });
      story.when.shipped(BAD);
      await story.then.rolledBack();
      expect(story.incidents()).to.have.lengthOf(1);
    });

    scenario(`of ${write}, nor does one that is refused with 500`, async (story) => {
      await story.given.aGoodDeployment();
      firstFares(story, write, { answer: { code: 500, body: { message: "etcd is slow" } } });
      story.when.shipped(BAD);
      await story.then.rolledBack();
      expect(story.incidents()).to.have.lengthOf(1);
    });
  }

  scenario("of the last look", async (story) => {
    await story.given.aGoodDeployment();
    firstFares(story, "get deployments", { cut: "after" });
    story.when.shipped(BAD);
    await story.then.rolledBack();
  });
});

describeScenarios(
  "two operators at once",
  (scenario) => {
    scenario("make one Incident and one rollback", async (story) => {
      await story.given.aGoodDeployment();
      story.when.shipped(BAD);
      await story.then.rolledBack();
      expect(story.incidents()).to.have.lengthOf(1);
    });

    scenario("make one rollback, although both have looked before either patches", async (story) => {
      const { given, when, then, world, namespace } = story;
      await given.aGoodDeployment();
      // The first patch waits on its way, long enough for the other operator to look and patch too.
      let isOnItsWay = false;
      const stop = atRequests(story, (request) => {
        if (request !== "patch deployments" || isOnItsWay) return undefined;
        isOnItsWay = true;
        return { delayMs: 30_000 };
      });
      when.shipped(BAD);
      await then.rolledBack();
      await world.eventually(
        () => "both patches are answered",
        () => world.ledger.rollbacks(namespace).length === 2,
      );
      stop();
      const answers = world.ledger.rollbacks(namespace).map(({ status }) => status);
      expect(answers, "one patch is carried out, the other refused").to.have.members([200, 422]);
      expect(story.incidents()).to.have.lengthOf(1);
    });

    scenario("leave a good rollout alone", async ({ given, when, then }) => {
      await given.aGoodDeployment();
      when.shipped({ tag: "v2", env: { START_DELAY: "20s" } });
      await then.good("v2");
      then.leftAlone();
    });
  },
  { operators: 2 },
);

describe("a lost answer to the patch, and a Deployment that cannot be read for a while", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.startOperator();
  });
  afterEach(() => world.stop());

  it("is still known as the operator's own rollback when the pods tell of it first", async () => {
    const story = world.story("shop");
    await story.given.aGoodDeployment();
    let isLate = false;
    world.cluster.onRequest((request) => {
      const isRead = ["get", "list", "watch"].includes(request.verb);
      const isHidden = isLate && isOperators(request) && request.target?.resource === "deployments" && isRead;
      return isHidden ? { cut: "before" } : undefined;
    });
    const stop = atWrites(story, (write) => {
      if (write !== "patch deployments") return undefined;
      stop();
      isLate = true;
      world.cluster.cutWatches();
      return { cut: "after" };
    });
    story.when.shipped(BAD);
    await world.eventually(
      () => "the patch is sent",
      () => isLate,
    );
    await world.pass(8_000);
    isLate = false;
    await story.then.rolledBack();
  });
});
