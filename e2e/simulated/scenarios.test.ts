// The scenarios on the simulated cluster, all at once, with the defaults of a guard. On real clusters: npm run e2e.
import { expect } from "chai";
import { type SimulatedUnderTest, startSimulatedUnderTest } from "../clusters/simulated.ts";
import { ALL_SCENARIOS } from "../scenarios/all-scenarios.ts";
import { FAILING_HELD } from "../scenarios/failing-held.ts";
import { type Performance, playScenarios } from "../scenarios/play-scenarios.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { type Operator, startOperator } from "../testing/operator.ts";

const TIME_SCALE = 10;

const HELD = FAILING_HELD.map(({ name }) => name);
/** Nobody steps in between, and there is something to go back to that would help. */
const isUndone = ({ kind, name }: Scenario) =>
  kind === "fails" &&
  !["bad-first-deployment", "fix-while-deciding", "undo-while-deciding", ...HELD].includes(name);

describe("the scenarios", () => {
  let cluster: SimulatedUnderTest;
  let operator: Operator;
  let performance: Performance;

  before(async () => {
    cluster = await startSimulatedUnderTest(TIME_SCALE);
    operator = await startOperator(cluster.simulated, TIME_SCALE);
    await operator.watching;
    performance = playScenarios(cluster, ALL_SCENARIOS);
  });

  after(async () => {
    await performance.ended;
    await operator.stop();
    await cluster.stop();
  });

  for (const { kind, title, name } of ALL_SCENARIOS) {
    it(`${kind === "fails" ? "a rollout fails:" : "nothing is done"} ${title}`, async () => {
      const { problem } = await performance.result(name);
      if (problem) throw problem;
    });
  }

  it("tell how many seconds it took to the first sign, the Incident, the rollback and restored service", async () => {
    for (const { kind, name } of ALL_SCENARIOS.filter(isUndone)) {
      const { facts } = await performance.result(name);
      const { secondsToFirstSign, secondsToIncident, secondsToPatch, secondsToRestored } = facts ?? {};
      const reported = [secondsToFirstSign, secondsToIncident, secondsToPatch, secondsToRestored];
      expect(reported, `${kind} ${name}`).to.have.lengthOf(4).and.not.include(undefined);
      expect(reported, `${name}: one after the other`).to.deep.equal(
        reported.toSorted((a = 0, b = 0) => a - b),
      );
      expect(facts?.progressDeadlineSeconds).to.equal(600);
    }
  });
});
