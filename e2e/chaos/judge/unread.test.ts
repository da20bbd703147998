import { expect } from "chai";
import type { Entry } from "../chronicle.ts";
import type { Episode, LostRight } from "../plan/episodes.ts";
import { aPlan, BEGINNING, evidenceOf, guardReports } from "../testing/a-chronicle.ts";
import type { Evidence } from "./evidence.ts";
import { judge } from "./verdict.ts";

const lost = (resource: LostRight["resource"], of: LostRight["of"] = "reading"): Episode => ({
  atMs: 200_000,
  untilMs: 330_000,
  trouble: { is: "lostRight", resource, of },
});

const ready = (seconds: number, reason: "Watching" | "CannotRead", message = "cannot read pods"): Entry =>
  guardReports(seconds, {
    phase: "Healthy",
    incidents: 0,
    rollbacks: 0,
    conditions: [
      {
        type: "Ready",
        status: reason === "Watching" ? "True" : "False",
        reason,
        message,
        lastTransitionTime: "2026-01-01T00:00:00Z",
      },
    ],
  });

const WATCHING = ready(30, "Watching");
const SAID = [WATCHING, ready(265, "CannotRead"), ready(340, "Watching")];

function wrongs(
  entries: readonly Entry[],
  episodes: readonly Episode[] = [lost("pods")],
  more: Partial<Evidence> = {},
): string {
  const { violations } = judge(aPlan({}, episodes), evidenceOf([...BEGINNING, ...entries], more));
  return violations.map(({ rule, what }) => `${rule}: ${what}`).join("\n");
}

describe("the judge, of what the operators cannot read,", () => {
  it("finds nothing wrong with a guard that says so and takes it back", () => {
    expect(wrongs(SAID)).to.equal("");
  });

  it("condemns a guard that is silent, that names another resource, or that says it late", () => {
    const says = "pods could not be read for 80 s, and the guard's Ready said";
    expect(wrongs([WATCHING])).to.contain(`${says} Watching`);
    const another = [WATCHING, ready(265, "CannotRead", "cannot read services"), ready(340, "Watching")];
    expect(wrongs(another)).to.contain(`${says} CannotRead`);
    expect(wrongs([WATCHING, ready(290, "CannotRead"), ready(340, "Watching")])).to.contain(says);
  });

  it("condemns a guard that goes on saying it", () => {
    expect(wrongs(SAID.slice(0, 2))).to.contain("the guard still says: cannot read pods");
  });

  it("does not ask for it where decisions need no such resource, or nobody may say it", () => {
    for (const resource of ["events", "networkpolicies", "leases"] as const)
      expect(wrongs([WATCHING], [lost(resource)])).to.equal("");
    expect(wrongs([WATCHING], [lost("rolloutguards", "everything")])).to.equal("");
    expect(wrongs([WATCHING], [lost("rolloutguards")])).to.contain("rolloutguards could not be read");
  });

  it("asks for it also of an operator that was started meanwhile, but where it cannot know of guards", () => {
    const lifetimes = [
      { operator: "first-1", fromMs: 0, toMs: 220_000 },
      { operator: "first-2", fromMs: 221_000, toMs: undefined },
    ];
    expect(wrongs([WATCHING], [lost("pods")], { lifetimes })).to.contain("Ready said Watching");
    expect(wrongs([WATCHING], [lost("rolloutguards")], { lifetimes })).to.equal("");
  });

  it("does not ask for it where another operator changed the guard, which nobody could read any more", () => {
    const two = [
      { operator: "first-1", fromMs: 0, toMs: 240_000 },
      { operator: "second-1", fromMs: 0, toMs: undefined },
    ];
    const changed = [WATCHING, ready(220, "Watching")];
    expect(wrongs(changed, [lost("rolloutguards")], { lifetimes: two })).to.equal("");
    expect(wrongs(changed, [lost("pods")], { lifetimes: two })).to.contain("pods could not be read");
    expect(wrongs([WATCHING], [lost("rolloutguards")], { lifetimes: two })).to.contain("Ready said Watching");
    const alone = [WATCHING, ready(250, "Watching")];
    expect(wrongs(alone, [lost("rolloutguards")], { lifetimes: two })).to.contain("Ready said Watching");
  });

  it("does not ask for it while there is other trouble, no guard, or no operator for long enough", () => {
    const other: Episode = { atMs: 250_000, untilMs: 255_000, trouble: { is: "restart" } };
    expect(wrongs([WATCHING], [lost("pods"), other])).to.equal("");
    const lifetimes = [
      { operator: "first-1", fromMs: 0, toMs: 255_000 },
      { operator: "first-2", fromMs: 256_000, toMs: undefined },
    ];
    expect(wrongs([WATCHING], [lost("pods")], { lifetimes })).to.equal("");
    const anew: Entry[] = [
      { atMs: 250_000, is: "guardDeleted", uid: "guard" },
      { atMs: 252_000, is: "guardCreated", uid: "another" },
      ready(253, "Watching"),
    ];
    expect(wrongs([WATCHING, ...anew])).not.to.contain("unread");
  });
});
