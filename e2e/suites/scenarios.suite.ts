// All scenarios on this cluster, side by side, each judged and timed; the operator runs as its installed pods.
import { ALL_SCENARIOS } from "../scenarios/all-scenarios.ts";
import { type Performance, playScenarios, type ScenarioResult } from "../scenarios/play-scenarios.ts";
import { recordingsInto } from "./recordings-into.ts";
import { underTest } from "./under-test.ts";

/** So many at a time leave a small machine time to run their pods. */
const PARALLEL = 12;

describe("scenarios", () => {
  const { cluster, kubeconfig, recordings, round, keepResult } = underTest();
  const results: ScenarioResult[] = [];
  let performance: Performance;

  before(() => {
    performance = playScenarios(cluster, ALL_SCENARIOS, {
      parallel: PARALLEL,
      suffix: round > 1 ? `-${round}` : "",
      ...(recordings && recordingsInto(recordings, kubeconfig)),
    });
  });

  after(async () => {
    await performance.ended;
    const kept = results.map(({ scenario: { name, title, kind }, outcome, facts, seconds }) => {
      return { name, title, kind, outcome, facts, seconds };
    });
    await keepResult("scenarios", { scenarios: kept });
  });

  for (const { name, kind, title } of ALL_SCENARIOS) {
    const sentence = kind === "fails" ? `a rollout: ${title}` : `nothing is done: ${title}`;
    it(`${name}: ${sentence}`, async function () {
      const result = await performance.result(name);
      results.push(result);
      if (result.outcome === "skipped") this.skip();
      if (result.problem) throw result.problem;
    });
  }
});
