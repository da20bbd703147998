// What stands at the end: metrics, outcomes, how to go on, and the operator's log when something went wrong.
import { METRICS } from "../../src/telemetry/metric-table.ts";
import type { MovedMetric } from "./metrics-report.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeTable } from "./outcome-table.ts";
import { NAMESPACE } from "./scenarios/manifests.ts";
import type { Screen } from "./screen.ts";

/** `peakSockets`: the most connections that the API server had at once. */
export function showMetrics(screen: Screen, moved: readonly MovedMetric[], peakSockets: number): void {
  screen.heading("Changes in the operator's /metrics");
  const widest = Math.max(0, ...moved.map(({ series }) => series.length));
  for (const { series, change } of moved) {
    screen.write(`  ${series.padEnd(widest)}  ${screen.paint("bold", change)}`);
  }
  screen.write("");
  const isBraked = moved.some(({ series }) => series.startsWith(METRICS.brakes.name));
  const brakes = isBraked ? "" : "No brake applied. ";
  screen.say(`${brakes}The operator had at most ${peakSockets} connections to the API server open.`);
}

/** The table, and below it what is wrong or, when nothing is, how long it took. */
export function showOutcomes(screen: Screen, outcomes: readonly Outcome[]): void {
  screen.heading("Outcomes");
  const styles = { head: "dim", ok: "green", wrong: "red" } as const;
  for (const { text, verdict } of outcomeTable(outcomes)) {
    screen.write(`  ${screen.paint(styles[verdict], text)}`);
  }
  screen.write("");
  const faults = outcomes.flatMap((outcome) =>
    outcome.faults.map((fault) => `${outcome.scenario}: ${fault}`),
  );
  for (const fault of faults) screen.say(`✗ ${fault}`, "red");
  if (faults.length > 0) return;
  const all = outcomes.length === 1 ? "The outcome is" : "Every outcome is";
  const realSeconds = Math.round(process.uptime());
  screen.say(`${all} as expected. This took ${realSeconds}s of real time.`, ["bold", "green"]);
}

interface Running {
  readonly kubeconfig: string;
  readonly metricsUrl: string;
  readonly applications: readonly string[];
  readonly speed: number;
}

/** What to try on the cluster that goes on running. */
export function showNextSteps(
  screen: Screen,
  { kubeconfig, metricsUrl, applications, speed }: Running,
): void {
  const application = applications.at(-1) ?? "";
  screen.heading("The cluster keeps running");
  screen.say(`The clock still runs ${speed}× faster. In another terminal:`);
  screen.write("");
  const commands = [
    `export KUBECONFIG=${kubeconfig}`,
    `kubectl get rolloutguards,incidents -n ${NAMESPACE}`,
    `kubectl describe incidents -n ${NAMESPACE}`,
    `kubectl get pods -n ${NAMESPACE} --watch`,
    `kubectl set image deployment/${application} -n ${NAMESPACE} '*=missing.invalid/${application}:9'  # a failing release`,
    `curl -s ${metricsUrl}/metrics | grep ^rolloutguard`,
  ];
  for (const command of commands) screen.write(`  ${screen.paint("cyan", command)}`);
  screen.write("");
  screen.say(
    "After a rollback, the cooldown lasts five minutes of the cluster (spec.limits.cooldown). A failing release in that " +
      "time is Held, and rolled back when the cooldown ends.",
  );
  screen.say("Press Ctrl-C here to stop the cluster and the operator.");
}

/** What kept the demo from its end. */
export function showFailure(screen: Screen, message: string): void {
  screen.status("");
  screen.write("");
  screen.say(`✗ ${message}`, ["bold", "red"]);
}

/** What the operator wrote last. */
export function showLog(screen: Screen, lines: readonly string[]): void {
  screen.heading("Last lines of the operator's log");
  screen.write(...lines);
}
