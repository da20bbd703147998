// The attack in short (`npm run chaos` is the long form, docs/quality/chaos.md): a few dozen Deployments, one seed.
import { expect } from "chai";
import { violationReport } from "./report.ts";
import type { RunResult } from "./result.ts";
import { startSeed } from "./start-seed.ts";

const ORDER = { seed: 1, size: { applications: 30, namespaces: 4, lengthMs: 6 * 60_000 } } as const;

describe("the attack", () => {
  let results: Promise<readonly [RunResult, RunResult]>;

  before(() => {
    results = Promise.all([startSeed(ORDER), startSeed(ORDER)]);
    results.catch(() => {});
  });

  it("finds nothing wrong with what two operators do under faults and kills", async () => {
    const [result] = await results;
    if (result.violations.length > 0) throw new Error(violationReport(result));
  });

  it("is one: much is rolled out, undone and killed", async () => {
    const [{ rollouts, rollbacks, kills, episodes }] = await results;
    expect(rollouts).to.be.above(50);
    expect(rollbacks).to.be.above(8);
    expect(kills).to.be.above(3);
    expect(episodes).to.be.above(3);
  });

  it("replays: the same seed gives the same history of changes and requests", async () => {
    const [first, second] = await results;
    expect(second.digest).to.equal(first.digest);
  });
});
