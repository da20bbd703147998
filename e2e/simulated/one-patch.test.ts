// An Incident sends one patch, whatever becomes of it: a webhook or somebody else who puts the failed template back, lost
// answers, restarts. What follows is held by the limits, and in the end by a brake that names who does it.
import { expect } from "chai";
import { undoStep } from "../../src/api/incident-step.ts";
import { atWrites, firstFares } from "../testing/interventions.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import { SHOP } from "../testing/shop.ts";
import type { Incident, Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };
const QUICK = { guard: { limits: { cooldown: "60s" } } };

/** A webhook leaves the Deployment's template, or all of the Deployment, as it is, from now on. */
function keepsTemplate({ world, namespace }: Story, keep: "template" | "object" = "template"): void {
  const on = { resource: "deployments", namespace, operation: "UPDATE" } as const;
  world.cluster.webhooks.add({ name: "keep.example.com", on, does: { keep } });
}

/** Somebody applies the bad version again so long after each rollback. */
function isReapplied({ world, namespace, when }: Story, afterMs: number): void {
  const { store, time } = world.cluster;
  let isOnItsWay = false;
  store.subscribe("deployments", ({ object }) => {
    const { template } = object["spec"] as { template: { spec: { containers: { image: string }[] } } };
    if (object.metadata.namespace !== namespace || isOnItsWay) return;
    if (template.spec.containers[0]?.image !== `${SHOP}:v1`) return;
    isOnItsWay = true;
    time.after(afterMs, () => {
      isOnItsWay = false;
      when.shipped(BAD);
    });
  });
}

/** The end of every story: two Incidents sent a patch each, the third is held, and nothing is sent any more. */
async function endsHeld(story: Story): Promise<readonly Incident[]> {
  const { then, world, namespace } = story;
  await then.held("ReappliedAgain", { number: 3, rollbacks: 2 });
  await world.pass(120_000);
  const incidents = story.incidents().toSorted((a, b) => (a.spec.detectedAt < b.spec.detectedAt ? -1 : 1));
  expect(incidents.map(({ phase }) => phase)).to.deep.equal(["Superseded", "Superseded", "Held"]);
  expect(world.ledger.acceptedRollbacks(namespace), "patches").to.have.lengthOf(2);
  expect(incidents.map(({ status }) => undoStep(status) !== undefined)).to.deep.equal([true, true, false]);
  expect(story.guardStatus().rollbacks).to.equal(2);
  return incidents;
}

describeScenarios("an Incident sends one patch", (scenario) => {
  scenario("although a webhook keeps the failed template on every write", async (story) => {
    await story.given.aGoodDeployment(QUICK);
    story.when.shipped(BAD);
    keepsTemplate(story);
    const incidents = await endsHeld(story);
    expect(incidents[0]?.status?.message).to.contain("in the same request, by an admission webhook");
  });

  scenario("although a webhook keeps the whole Deployment, with no sign of the patch", async (story) => {
    await story.given.aGoodDeployment(QUICK);
    story.when.shipped(BAD);
    keepsTemplate(story, "object");
    await endsHeld(story);
  });

  for (const afterMs of [0, 2_000, 30_000]) {
    scenario(`although the failed version is applied again ${afterMs / 1_000} s later`, async (story) => {
      await story.given.aGoodDeployment(QUICK);
      story.when.shipped(BAD);
      isReapplied(story, afterMs);
      const incidents = await endsHeld(story);
      const [first, , third] = incidents;
      expect(first?.status?.message).to.contain("applied again by kubectl-client-side-apply");
      expect(third?.status?.message).to.contain("was applied again by kubectl-client-side-apply");
    });
  }

  scenario("whose answer was lost, although a webhook keeps the failed template", async (story) => {
    await story.given.aGoodDeployment(QUICK);
    story.when.shipped(BAD);
    keepsTemplate(story);
    firstFares(story, "patch deployments", { cut: "after" });
    await endsHeldAfterALoss(story);
  });

  scenario("whose answer was lost, although the failed version is applied again at once", async (story) => {
    await story.given.aGoodDeployment(QUICK);
    story.when.shipped(BAD);
    isReapplied(story, 0);
    firstFares(story, "patch deployments", { cut: "after" });
    await endsHeldAfterALoss(story);
  });
});

async function endsHeldAfterALoss(story: Story): Promise<void> {
  const { then, world, namespace } = story;
  await then.held("ReappliedAgain", { number: 3, rollbacks: 2 });
  await world.pass(60_000);
  expect(world.ledger.rollbacks(namespace), "patches").to.have.lengthOf(2);
}

describeScenarios("what admission makes of a rollback is the restored revision", (scenario) => {
  const on = { resource: "deployments", operation: "UPDATE" } as const;
  const admissions = {
    "an annotation": { metadata: { annotations: { "policy.example.com/checked": "yes" } } },
    "a label": { metadata: { labels: { "policy.example.com/tier": "backend" } } },
    "a field of the pod": { spec: { terminationGracePeriodSeconds: 3 } },
  };
  for (const [what, template] of Object.entries(admissions)) {
    scenario(`with ${what} more it recovers, and is judged as no release of its own`, async (story) => {
      const { given, when, then, world, namespace } = story;
      await given.aGoodDeployment();
      when.shipped(BAD);
      world.cluster.webhooks.add({
        name: "mark.example.com",
        on: { ...on, namespace },
        does: { merge: { spec: { template } } },
      });
      const { name, status } = await then.incident("Recovered");
      expect(undoStep(status)?.to).to.equal(story.liveHash());
      expect(world.ledger.phases(namespace, name)).to.deep.equal(["Acting", "Verifying", "Recovered"]);
      await then.good("v1");
      expect(world.ledger.acceptedRollbacks(namespace)).to.have.lengthOf(1);
      expect(story.incidents()).to.have.lengthOf(1);
    });
  }
});

describe("an operator that ends between the patch and its record is followed by one that", () => {
  let world: World;
  const ends = new Map<string, Promise<void>>();

  const stories: Readonly<
    Record<string, { prepare: (story: Story) => void; ends: (story: Story) => Promise<void> }>
  > = {
    "sends no second patch, where a webhook keeps the failed template": {
      prepare: keepsTemplate,
      ends: endsHeldAfterALoss,
    },
    "sends no second patch, where the failed version is applied again at once": {
      prepare: (story) => isReapplied(story, 0),
      ends: endsHeldAfterALoss,
    },
    "knows what admission has made of the rollback": {
      prepare: ({ namespace }) => {
        const merge = { spec: { template: { metadata: { annotations: { checked: "yes" } } } } };
        const on = { resource: "deployments", namespace, operation: "UPDATE" } as const;
        world.cluster.webhooks.add({ name: "mark.example.com", on, does: { merge } });
      },
      ends: async (story) => {
        await story.then.incident("Recovered");
        expect(story.incidents()).to.have.lengthOf(1);
        expect(world.ledger.rollbacks(story.namespace)).to.have.lengthOf(1);
      },
    },
  };

  before(async () => {
    world = await startWorld();
    for (const [index, [title, { prepare, ends: expected }]] of Object.entries(stories).entries()) {
      const story = world.story(`replaced-${index + 1}`);
      const end = replacedAtThePatch(story, prepare).then(() => expected(story));
      // Awaited by its test, which can come later than its failure.
      end.catch(() => {});
      ends.set(title, end);
    }
  });

  after(() => world.stop());

  /** The operator is thrown away when its first patch has been carried out, and another one starts. */
  async function replacedAtThePatch(story: Story, prepare: (story: Story) => void): Promise<void> {
    const settings = { namespaces: [story.namespace] };
    const operator = await world.startOperator(settings);
    await story.given.aGoodDeployment(QUICK);
    story.when.shipped(BAD);
    prepare(story);
    let next: Promise<unknown> | undefined;
    const stop = atWrites(story, (write) => {
      if (write !== "patch deployments") return undefined;
      stop();
      operator.kill();
      next = world.startOperator(settings);
      return { cut: "after" };
    });
    await world.eventually(
      () => "the patch is sent",
      () => next !== undefined,
    );
    await next;
  }

  for (const title of Object.keys(stories)) it(title, () => ends.get(title));
});
