// The order of the demo: prepare, ship one release after another, look at the Incidents, sum up.
import { type SimulatedCluster, waitUntil } from "@rolloutguard/simulated-cluster";
import type { OperatorProcess } from "../operator-process.ts";
import { showMetrics, showOutcomes } from "./closing.ts";
import { movedMetrics } from "./metrics-report.ts";
import { metricsAt, whenReady } from "./operator-health.ts";
import { type Evidence, judge, type Outcome } from "./outcome.ts";
import { evidenceOf, isPrepared, play, prepare } from "./play-scenario.ts";
import { Presenter } from "./presenter.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { Screen } from "./screen.ts";

interface Cast {
  readonly cluster: SimulatedCluster;
  readonly operator: OperatorProcess;
  readonly screen: Screen;
  /** How many times faster than real time it all runs. */
  readonly speed: number;
}

/** Plays the scenarios and shows what comes of them. Rejects when it cannot get as far as that. */
export async function describeStory(scenarios: readonly Scenario[], cast: Cast): Promise<readonly Outcome[]> {
  const { cluster, operator, screen, speed } = cast;
  const presenter = new Presenter(screen);
  presenter.opening(speed);
  const url = await whenReady(operator);
  await prepareAll(scenarios, cluster, presenter);
  const metricsBefore = await metricsAt(url);

  const played: { scenario: Scenario; evidence: Evidence }[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    presenter.scenario(scenario, index + 1, scenarios.length);
    const evidence = await play(cluster, scenario, {
      tell: (entry, changedAt) => presenter.entry(entry, changedAt),
      follow: (sight, changedAt) => presenter.now(sight, changedAt),
    });
    for (const incident of evidence.sight.incidents) presenter.incident(incident);
    presenter.verdict(judge(scenario, evidence), scenario, evidence.seconds);
    played.push({ scenario, evidence });
  }

  showMetrics(screen, movedMetrics(metricsBefore, await metricsAt(url)), cluster.peakSockets());
  // Judged again at the very end: what was right then must have stayed right.
  const outcomes = played.map(({ scenario, evidence }) =>
    judge(scenario, {
      ...evidence,
      ...evidenceOf(cluster, scenario.given.application, evidence.firstHash),
    }),
  );
  showOutcomes(screen, outcomes);
  return outcomes;
}

async function prepareAll(
  scenarios: readonly Scenario[],
  cluster: SimulatedCluster,
  presenter: Presenter,
): Promise<void> {
  const startedAt = cluster.now();
  presenter.preparing(scenarios);
  for (const scenario of scenarios) prepare(cluster, scenario);
  await waitUntil(cluster, "every first revision is good", () => {
    const prepared = scenarios.filter((scenario) => isPrepared(cluster, scenario)).length;
    presenter.waiting(prepared, scenarios.length, cluster.now() - startedAt);
    return prepared === scenarios.length;
  });
  presenter.prepared(scenarios.length, cluster.now() - startedAt);
}
