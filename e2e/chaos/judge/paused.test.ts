import { expect } from "chai";
import type { Actor, Entry } from "../chronicle.ts";
import type { Plan } from "../plan/plan.ts";
import { aPlan, BEGINNING, complete, evidenceOf, incident, rolledOut } from "../testing/a-chronicle.ts";
import type { Evidence } from "./evidence.ts";
import { judge } from "./verdict.ts";

const paused = (seconds: number, by: Actor): Entry => ({
  atMs: seconds * 1_000,
  is: "paused",
  isPaused: true,
  by,
});
const resumed = (seconds: number, by: Actor): Entry => ({
  atMs: seconds * 1_000,
  is: "paused",
  isPaused: false,
  by,
});

function wrongs(entries: readonly Entry[], more: Partial<Evidence> = {}): string {
  const { violations } = judge(aPlan(), evidenceOf([...BEGINNING, rolledOut(100, "v3"), ...entries], more));
  return violations.map(({ rule, what }) => `${rule}: ${what}`).join("\n");
}

describe("the judge, of what operators pause,", () => {
  it("finds nothing wrong with a pause that ends in time", () => {
    expect(wrongs([paused(103, "operator"), resumed(220, "operator")])).not.to.contain("paused");
  });

  it("condemns one that does not end, but not what a person has paused", () => {
    expect(wrongs([paused(103, "operator")])).to.contain("v3 was paused by an operator for 497 s");
    expect(wrongs([paused(103, "operator"), resumed(480, "operator")])).to.contain("paused by an operator");
    expect(wrongs([paused(103, "people")])).not.to.contain("paused by an operator");
  });

  it("gives it time while no operator runs", () => {
    const lifetimes = [
      { operator: "first-1", fromMs: 0, toMs: 110_000 },
      { operator: "first-2", fromMs: 400_000, toMs: undefined },
    ];
    const late = [paused(103, "operator"), resumed(480, "operator")];
    expect(wrongs(late, { lifetimes })).not.to.contain("paused by an operator");
  });

  it("gives it time while the API server refuses to end it, and until the next try", () => {
    const refused = (untilMs: number) => aPlan({}, [], { by: "a quota denies it", fromMs: 110_000, untilMs });
    const story = [...BEGINNING, rolledOut(100, "v3"), paused(103, "operator")];
    const said = (plan: Plan) =>
      judge(plan, evidenceOf(story))
        .violations.map(({ what }) => what)
        .join("\n");
    expect(said(refused(300_000))).not.to.contain("paused by an operator");
    expect(said(refused(120_000))).to.contain("paused by an operator");
  });

  it("ends it with the rollout: another template is another matter", () => {
    const two = [paused(103, "operator"), rolledOut(250, "v5"), resumed(400, "operator")];
    expect(wrongs(two)).not.to.contain("paused by an operator");
  });

  it("condemns a second pause after a person has resumed the first", () => {
    const story = [paused(103, "operator"), resumed(110, "people"), paused(120, "operator")];
    expect(wrongs([...story, resumed(130, "operator")])).to.contain("after a person had resumed it");
    const own = [paused(103, "operator"), resumed(110, "operator"), paused(120, "operator")];
    expect(wrongs([...own, resumed(130, "operator")])).not.to.contain("after a person had resumed it");
    const persons = [paused(103, "people"), resumed(110, "people"), paused(120, "operator")];
    expect(wrongs([...persons, resumed(130, "operator")])).not.to.contain("after a person had resumed it");
  });

  it("lets a bad version be rolled back under an operator's pause, and not under a person's", () => {
    const story = (by: Actor) => [
      rolledOut(200, "v2"),
      paused(203, by),
      incident(260, "v2", "Acting"),
      rolledOut(261, "v3", "operator"),
      resumed(262, "operator"),
      complete(263, "v3"),
    ];
    expect(wrongs(story("operator"))).not.to.contain("the Deployment was paused");
    expect(wrongs(story("people"))).to.contain("the Deployment was paused");
  });
});
