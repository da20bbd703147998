import { expect } from "chai";
import { type Entry, ROLLBACK } from "../chronicle.ts";
import {
  aPlan,
  BEGINNING,
  evidenceOf,
  guardReports,
  incident,
  rolledOut,
  writeAt,
} from "../testing/a-chronicle.ts";
import type { Evidence } from "./evidence.ts";
import { judge } from "./verdict.ts";

const REFUSED = { detected: 160, brake: "Refused" } as const;
const failing = guardReports(165, {
  phase: "Failing",
  incidents: 1,
  rollbacks: 0,
  activeIncident: "app-1-v2",
});
const pausesOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => writeAt(first + 2.5 * (2 ** i - 1), ROLLBACK));

describe("the judge, of rollbacks that are refused,", () => {
  const until = (seconds?: number) =>
    aPlan({}, [], { by: "a policy denies it", fromMs: 50_000, untilMs: seconds && seconds * 1_000 });
  const held = [...BEGINNING, rolledOut(100, "v2"), incident(161, "v2", "Held", REFUSED), failing];

  function wrongs(entries: readonly Entry[], plan = until(), more: Partial<Evidence> = {}) {
    return judge(plan, evidenceOf(entries, { writes: pausesOf(160, 5), ...more })).violations.map(
      ({ rule, what }) => `${rule}: ${what}`,
    );
  }

  it("finds nothing wrong with an Incident that is held, and tries with longer and longer pauses", () => {
    expect(wrongs(held)).to.deep.equal([]);
  });

  it("lets an operator begin with short pauses", () => {
    const writes = [...pausesOf(160, 7), ...pausesOf(400, 6)];
    expect(wrongs(held, until(), { writes }).join()).to.contain("tried 13 times while it was refused");
    const lifetimes = [
      { operator: "first-1", fromMs: 0, toMs: 390_000 },
      { operator: "first-2", fromMs: 395_000, toMs: undefined },
    ];
    expect(wrongs(held, until(), { writes, lifetimes })).to.deep.equal([]);
  });

  it("condemns an Incident that does not say so, and one that there is not", () => {
    const acting = held.map((entry) =>
      entry.is === "incident" ? incident(161, "v2", "Acting", { detected: 160 }) : entry,
    );
    expect(wrongs(acting).join()).to.contain("refused, and Incident app-1-v2 is Acting");
    const byVeto = held.map((entry) =>
      entry.is === "incident" ? incident(161, "v2", "Held", { detected: 160, brake: "Veto" }) : entry,
    );
    expect(wrongs(byVeto).join()).to.contain("refused, and Incident app-1-v2 is Held");
    const none = held.filter(({ is }) => is !== "incident");
    expect(wrongs(none).join()).to.contain("refused, and there is no Incident");
  });

  it("lets another brake follow", () => {
    const vetoed = incident(170, "v2", "Held", { detected: 160, brake: "Veto" });
    expect(wrongs([...held, vetoed])).to.deep.equal([]);
  });

  it("gives it time to say so where there is trouble", () => {
    const none = held.filter(({ is }) => is !== "incident");
    const trouble = { is: "lag", whom: "both", upToMs: 1_000 } as const;
    const plan = aPlan({}, [{ atMs: 150_000, untilMs: 560_000, trouble }], until().lives[0]?.refusal);
    expect(wrongs(none, plan).join()).not.to.contain("refused");
  });

  it("condemns tries all the time", () => {
    const writes = Array.from({ length: 40 }, (_, i) => writeAt(160 + 5 * i, ROLLBACK));
    expect(wrongs(held, until(), { writes }).join()).to.contain("v2 was tried 40 times while it was refused");
  });

  it("counts the try at which an operator is killed as one of that operator", () => {
    const lifetimes = [{ operator: "first-1", fromMs: 0, toMs: 160_000 }];
    expect(wrongs(held, until(), { writes: [writeAt(160, ROLLBACK)], lifetimes }).join()).not.to.contain(
      "tried",
    );
  });

  it("expects the rollback some time after it is refused no more", () => {
    expect(wrongs(held, until(100)).join()).to.contain("v2, which is bad (health-500), was not undone");
    expect(wrongs(held, until(400)).join()).not.to.contain("not undone");
  });

  it("takes tries for no unrest", () => {
    const late = writeAt(590, ROLLBACK);
    expect(wrongs(held, until(), { writes: [...pausesOf(160, 5), late] })).to.deep.equal([]);
    const said = [late, writeAt(590.5, "patch incidents/status"), writeAt(591, "patch rolloutguards/status")];
    expect(wrongs(held, until(), { writes: [...pausesOf(160, 5), ...said] })).to.deep.equal([]);
    const again = writeAt(597, "patch incidents/status");
    expect(wrongs(held, until(), { writes: [...pausesOf(160, 5), ...said, again] }).join()).to.contain(
      "no rest",
    );
    expect(wrongs(held, until(580), { writes: [...pausesOf(160, 5), late] }).join()).to.contain("no rest");
  });
});
