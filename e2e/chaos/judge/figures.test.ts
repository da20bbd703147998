import { expect } from "chai";
import type { Entry, Sample } from "../chronicle.ts";
import type { Plan } from "../plan/plan.ts";
import { aPlan, BEGINNING, evidenceOf, incident, rolledOut, UNDONE } from "../testing/a-chronicle.ts";
import type { Evidence } from "./evidence.ts";
import { judge } from "./verdict.ts";

const PATCHED: Entry = { atMs: 161_000, is: "patched", incident: "app-1-v2" };
const STORY = [...BEGINNING, ...UNDONE.slice(0, 2), PATCHED, ...UNDONE.slice(2)];

const counts = (seconds: number, sent: number, ended: number, inProgress: number): Sample => ({
  atMs: seconds * 1_000,
  operator: "first-1",
  sent,
  ended,
  inProgress,
});

function wrongs(
  samples: readonly Sample[],
  { plan = aPlan(), ...more }: Partial<Evidence> & { readonly plan?: Plan } = {},
): string {
  const { violations } = judge(plan, evidenceOf(STORY, { samples, ...more }));
  return violations.map(({ rule, what }) => `${rule}: ${what}`).join("\n");
}

describe("the judge, of what the operators count,", () => {
  it("finds nothing wrong with a rollback that is in progress until it has ended", () => {
    expect(wrongs([counts(100, 0, 0, 0), counts(170, 1, 0, 1), counts(300, 1, 1, 0)])).to.equal("");
  });

  it("condemns one that is not counted by its end, that is counted twice, and one that there was not", () => {
    const says = "figures: operator first-1";
    expect(wrongs([counts(300, 1, 0, 0)])).to.contain(`${says} lost sight of a rollback`);
    expect(wrongs([counts(300, 1, 2, 0)])).to.contain(`${says} counts what nobody sent`);
    expect(wrongs([counts(300, 2, 2, 0)])).to.contain(`${says} counts 2 rollbacks as sent, there were 1`);
  });

  it("says it once of each operator", () => {
    const { violations } = judge(
      aPlan(),
      evidenceOf(STORY, { samples: [counts(300, 1, 0, 0), counts(310, 1, 0, 0)] }),
    );
    expect(violations).to.have.lengthOf(1);
  });

  it("leaves to an operator what it found in progress when it started, and no more", () => {
    const startedAt = (fromMs: number) => ({ lifetimes: [{ operator: "first-1", fromMs, toMs: undefined }] });
    const sample = [counts(300, 0, 1, 0)];
    expect(wrongs(sample, startedAt(180_000))).to.equal("");
    expect(wrongs(sample, startedAt(260_000))).to.contain("counts what nobody sent");
    expect(wrongs([counts(300, 0, 2, 0)], startedAt(180_000))).to.contain("found 1 in progress");
  });

  it("leaves to it also what it could not read sooner", () => {
    const lifetimes = [{ operator: "first-1", fromMs: 90_000, toMs: undefined }];
    const sample = [counts(300, 0, 1, 0)];
    expect(wrongs(sample, { lifetimes })).to.contain("counts what nobody sent");
    const right = { is: "lostRight", resource: "pods", of: "reading" } as const;
    const plan = aPlan({}, [{ atMs: 80_000, untilMs: 150_000, trouble: right }]);
    expect(wrongs(sample, { lifetimes, plan })).not.to.contain("figures");
  });

  it("lets one that loses the Lease leave it to the other", () => {
    const trouble = { is: "partition", whom: "first" } as const;
    const plan = (isElected: boolean) => ({
      plan: { ...aPlan({}, [{ atMs: 170_000, untilMs: 200_000, trouble }]), isElected },
    });
    expect(wrongs([counts(230, 1, 0, 0)], plan(true))).not.to.contain("figures");
    expect(wrongs([counts(230, 1, 0, 0)], plan(false))).to.contain("lost sight");
  });

  it("takes no rollback for one that was only meant", () => {
    const meant = [
      ...BEGINNING,
      rolledOut(100, "v2"),
      incident(160, "v2", "Acting"),
      incident(170, "v2", "Superseded"),
    ];
    const { violations } = judge(aPlan(), evidenceOf(meant, { samples: [counts(300, 1, 1, 0)] }));
    expect(violations.map(({ what }) => what).join()).to.contain("counts 1 rollbacks as sent, there were 0");
  });
});
