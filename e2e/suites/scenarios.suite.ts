// All scenarios on this cluster, side by side, each judged and timed; the operator runs as its installed pods.
import { ALL_SCENARIOS } from "../scenarios/all-scenarios.ts";
import { type Performance, playScenarios, type ScenarioResult } from "../scenarios/play-scenarios.ts";
import { titleOf } from "../scenarios/scenario.ts";
import { underTest } from "./under-test.ts";

/** So many at a time, begun one after the other, leave a small machine time to run their pods. */
const PARALLEL = 14;
const SPACING_MS = 4_000;

const { cluster, round, only, keepResult } = underTest();

const chosen = ALL_SCENARIOS.filter((scenario) => titleOf(scenario).includes(only));
// Those that must be left alone are watched for long; begun first, they do not make all others wait at the end.
const longestFirst = chosen.toSorted((a, b) => Number(a.kind === "fails") - Number(b.kind === "fails"));
const results: ScenarioResult[] = [];
let performance: Performance;

// Outside of the suite: they play while the suites before are reported, the contract above all.
before(() => {
  performance = playScenarios(cluster, longestFirst, {
    parallel: PARALLEL,
    spacingMs: SPACING_MS,
    suffix: round > 1 ? `-${round}` : "",
  });
});

describe("scenarios", () => {
  after(async () => {
    await performance.ended;
    const scenarios = results.map(({ scenario: { name, title, kind }, outcome, facts, seconds }) => {
      return { name, title, kind, outcome, facts, seconds };
    });
    await keepResult("scenarios", { scenarios });
  });

  for (const scenario of chosen) {
    it(titleOf(scenario), async function () {
      const result = await performance.result(scenario.name);
      results.push(result);
      if (result.outcome === "skipped") this.skip();
      if (result.problem) throw result.problem;
    });
  }
});
