import { expect } from "chai";
import { REFUSALS } from "../../testing/refusals.ts";
import { holdsAt, overlaps } from "../intervals.ts";
import { makePlan } from "./plan.ts";
import { BAD_KINDS, GOOD_KINDS } from "./versions.ts";

const SIZE = { applications: 200, namespaces: 10, lengthMs: 600_000 } as const;

describe("the plan of an attack", () => {
  const plan = makePlan(1, SIZE);

  it("follows from its seed", () => {
    expect(makePlan(1, SIZE)).to.deep.equal(plan);
    expect(makePlan(2, SIZE)).not.to.deep.equal(plan);
  });

  it("leaves two minutes of quiet at the end, with but a few restarts of operators, and a minute before them in which nobody ships", () => {
    const { episodes, deaths } = plan.disturbances;
    expect(Math.max(...episodes.map(({ untilMs }) => untilMs))).to.be.at.most(480_000);
    expect(Math.max(...deaths.map(({ atMs }) => atMs))).to.be.within(480_000, 540_000);
    const steps = plan.lives.flatMap((life) => life.steps);
    expect(Math.max(...steps.map(({ atMs }) => atMs))).to.be.at.most(420_000);
  });

  it("has good and bad versions of every kind, and everything that people do", () => {
    const kinds = new Set(plan.lives.flatMap(({ versions }) => versions.map(({ kind }) => kind)));
    expect([...kinds]).to.have.members([...Object.keys(GOOD_KINDS), ...Object.keys(BAD_KINDS)]);
    const done = new Set(plan.lives.flatMap(({ steps }) => steps.map((step) => step.do)));
    expect([...done]).to.have.members([
      "ship",
      "restart",
      "undo",
      "scale",
      "pause",
      "veto",
      "losePods",
      "deleteDeployment",
      "deleteGuard",
      "createGuard",
    ]);
  });

  it("has applications of every trait, and neighbours that never work", () => {
    expect([...new Set(plan.lives.map(({ trait }) => trait.is))]).to.have.members([
      "ordinary",
      "tightQuota",
      "deadService",
      "startsFromZero",
      "slowRollouts",
      "activePassive",
    ]);
    expect(plan.neighbours.length).to.be.above(5);
  });

  it("has those who meddle in every way", () => {
    const meddlers = plan.lives.flatMap(({ meddler }) =>
      meddler?.is === "injects" ? meddler.into : (meddler?.is ?? []),
    );
    expect([...new Set(meddlers)]).to.have.members(["reapplies", "annotates", "templates", "pods"]);
  });

  it("has Deployments that operators must not change, for a while and for good, whoever refuses it", () => {
    const refusals = plan.lives.flatMap(({ refusal }) => refusal ?? []);
    expect([...new Set(refusals.map(({ by }) => by))]).to.have.members(Object.keys(REFUSALS));
    expect(refusals.filter(({ untilMs }) => untilMs === undefined).length).to.be.within(5, 25);
    const ends = refusals.flatMap(({ untilMs }) => untilMs ?? []);
    expect(Math.max(...ends)).to.be.at.most(480_000);
  });

  it("takes a right away in every run, in half of them for minutes in which nothing hides it", () => {
    const seeds = Array.from({ length: 40 }, (_, i) => makePlan(i + 1, { ...SIZE, applications: 1 }));
    const losses = seeds.map(({ disturbances: { episodes, deaths } }) => {
      const [lost, ...others] = episodes.filter(({ trouble }) => trouble.is === "lostRight");
      expect(others).to.deep.equal([]);
      const { atMs = 0, untilMs = 0 } = lost ?? {};
      return { lost, atMs, untilMs, episodes, deaths };
    });
    expect(
      new Set(losses.map(({ lost }) => lost?.trouble.is === "lostRight" && lost.trouble.resource)).size,
    ).to.equal(10);
    const long = losses.filter(({ atMs, untilMs }) => untilMs - atMs >= 110_000);
    expect(long.length).to.be.within(10, 30);
    for (const { lost, atMs, untilMs, episodes, deaths } of long) {
      expect(untilMs).to.be.at.most(480_000);
      const meanwhile = { fromMs: atMs, toMs: atMs + 110_000 };
      const around = episodes.filter((each) =>
        overlaps({ fromMs: each.atMs, toMs: each.untilMs }, meanwhile),
      );
      expect(around).to.deep.equal([lost]);
      expect(
        deaths.filter((death) => death.whom === "second" && holdsAt([meanwhile], death.atMs)),
      ).to.deep.equal([]);
    }
  });

  it("begins every life with a good version that has time to become good", () => {
    for (const { steps, versions } of plan.lives) {
      expect(versions[0]?.truth).to.equal("good");
      expect(steps[0]).to.deep.include({ do: "ship", tag: "v1" });
      const next = steps.find((step) => step.do !== "scale" && step.atMs > (steps[0]?.atMs ?? 0));
      expect(next?.atMs ?? Number.POSITIVE_INFINITY).to.be.at.least(75_000);
    }
  });
});
