// After a rollback of what somebody applies server-side: the fields go to that one, whatever comes in between.

import { managedFieldsText } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { blocksNextApply } from "../../src/kube/field-owners/hand-over.ts";
import { atRequests } from "../testing/interventions.ts";
import type { Operator } from "../testing/operator.ts";
import { anAppliedShop, appliedServerSide } from "../testing/server-side-apply.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

/** Only the good version has the variable. */
const GOOD = { tag: "v1", env: { ONLY_BEFORE: "1" } };
const BAD = { tag: "v2", env: { HEALTH: "500" } };
const FIX = { tag: "v3" };

const PATCH = "patch deployments";

describe("what a rollback changed of a Deployment that is applied server-side", () => {
  let world: World;
  let operator: Operator;
  let story: Story;
  const settings = { namespaces: ["a"] };

  beforeEach(async () => {
    world = await startWorld();
    operator = await world.startOperator(settings);
    story = world.story("a");
    await anAppliedShop(story, GOOD, { checks: { readiness: { patience: "10s" } } });
  });

  afterEach(() => world.stop());

  const blocks = () => {
    const deployment = story.deployment();
    const managedFields: unknown = JSON.parse(managedFieldsText(deployment) || "[]");
    return blocksNextApply({ metadata: { managedFields } });
  };
  const variables = () => story.deployment().spec.template.spec.containers[0]?.env ?? [];
  const isGood = () => story.deployment().spec.template.spec.containers[0]?.image === "shop:v1";

  /** Rolled back, and in nobody's way. */
  const handedOver = () =>
    world.eventually(
      () => "the Deployment is rolled back and its fields are handed over",
      () => isGood() && !blocks(),
    );

  async function theFixShips(): Promise<void> {
    expect(await appliedServerSide(story, FIX)).to.equal("applied");
    expect(variables()).to.deep.equal([]);
  }

  /** Does something to the n-th patch of the Deployment: the first is the rollback, the second hands over. */
  function atPatch(number: number, act: () => ReturnType<Parameters<typeof atRequests>[1]>): void {
    let count = 0;
    atRequests(story, (request) => {
      if (request !== PATCH) return undefined;
      count += 1;
      return count === number ? act() : undefined;
    });
  }

  const shipTheBadOne = async () => expect(await appliedServerSide(story, BAD)).to.equal("applied");

  it("is handed over at once: the fix applies without force while the rollback is still verified", async () => {
    await shipTheBadOne();
    await handedOver();
    await story.then.incident("Verifying");
    await theFixShips();
    await story.then.incident("Superseded");
  });

  for (const [fate, number] of [
    ["after", 1],
    ["before", 2],
    ["after", 2],
  ] as const) {
    const what = number === 1 ? "the rollback" : "handing over";
    const end = fate === "after" ? "is carried out" : "is lost";
    it(`is handed over by the next operator when one dies as ${what} ${end}`, async () => {
      let next: Promise<unknown> | undefined;
      atPatch(number, () => {
        operator.kill();
        next = world.startOperator(settings);
        return { cut: fate };
      });
      await shipTheBadOne();
      await handedOver();
      await next;
      await story.then.incident("Recovered");
      await theFixShips();
    });
  }

  it("is handed over although somebody changes the Deployment at the same moment", async () => {
    atPatch(2, () => {
      story.change({ metadata: { annotations: { "example.com/touched": "yes" } } });
      return undefined;
    });
    await shipTheBadOne();
    await handedOver();
    await theFixShips();
  });

  it("stays with RolloutGuard when admission refuses that, and the rollback ends as always", async () => {
    let refusals = 0;
    let rollbacks = 0;
    atRequests(story, (request) => {
      if (request !== PATCH) return undefined;
      rollbacks += 1;
      if (rollbacks === 1) return undefined;
      refusals += 1;
      return { answer: { code: 403 } };
    });
    await shipTheBadOne();
    await story.then.incident("Recovered");
    expect(refusals).to.equal(1);
    expect(
      operator.lines.filter(({ level, message }) => level === "warn" && message.includes("hand")),
    ).to.have.length(1);
    expect(await appliedServerSide(story, FIX)).to.have.property("refused");
  });

  it("is handed over also when the fix was forced before that: what it left behind goes with the next release", async () => {
    let isCut = false;
    atPatch(2, () => {
      isCut = true;
      operator.kill();
      return { cut: "before" };
    });
    await shipTheBadOne();
    await world.eventually(
      () => "the operator is gone before it hands over",
      () => isCut,
    );
    expect(await appliedServerSide(story, FIX, { force: true })).to.equal("applied");
    expect(variables(), "left behind").to.have.length(1);
    await world.startOperator(settings);
    await world.eventually(
      () => "the rest is handed over",
      () => !blocks(),
    );
    expect(await appliedServerSide(story, { tag: "v4" })).to.equal("applied");
    expect(variables()).to.deep.equal([]);
  });
});
