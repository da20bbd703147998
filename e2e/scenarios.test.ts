// The scenarios on the simulated cluster, all at once, with the defaults of a guard. On real clusters: npm run e2e.
import { type SimulatedUnderTest, startSimulatedUnderTest } from "./clusters/simulated.ts";
import { ALL_SCENARIOS } from "./scenarios/all-scenarios.ts";
import { type Performance, playScenarios } from "./scenarios/play-scenarios.ts";
import { type Operator, startOperator } from "./testing/operator.ts";

const TIME_SCALE = 20;

describe("the scenarios", function () {
  this.timeout(180_000);
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
});
