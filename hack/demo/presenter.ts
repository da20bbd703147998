// How the demo looks: every text that it prints besides what the operator and the cluster say themselves.
import { METRICS } from "../../src/telemetry/metric-table.ts";
import { incidentReport } from "./incident-report.ts";
import type { MovedMetric } from "./metrics-report.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeTable } from "./outcome-table.ts";
import { BAKE_TIME, NAMESPACE } from "./scenarios/manifests.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { Screen, Style } from "./screen.ts";
import type { IncidentObject, Sight } from "./sight.ts";
import type { TimelineEntry } from "./timeline.ts";

const WHO_STYLE = { you: "cyan", cluster: "dim", operator: "magenta" } as const satisfies Record<
  TimelineEntry["who"],
  Style
>;
const MOOD_STYLE: Readonly<Record<TimelineEntry["mood"], Style | undefined>> = {
  neutral: undefined,
  bad: "yellow",
  good: "green",
  decision: ["bold", "magenta"],
};
/** What somebody needs who wants to look at the running cluster. */
interface Running {
  readonly kubeconfig: string;
  readonly metricsUrl: string;
  readonly applications: readonly string[];
  readonly speed: number;
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

export class Presenter {
  readonly #screen: Screen;
  #turns = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  opening(speed: number): void {
    this.#heading("RolloutGuard, a demonstration");
    this.#say(
      "A Kubernetes cluster simulated in memory, and the real operator (src/main.ts) as a process of its own.",
    );
    const pace = speed === 1 ? "Time runs as it does outside." : `Time runs ${speed}× faster.`;
    this.#say(`${pace} Every second below is the cluster's.`);
  }

  preparing(scenarios: readonly Scenario[]): void {
    const names = scenarios.map(({ given }) => given.application).join(", ");
    this.#screen.write("");
    this.#say(
      `In namespace ${NAMESPACE}, each with three pods, a Service and a RolloutGuard: ${names}. ` +
        `A revision counts as good when it has served well for ${BAKE_TIME}.`,
    );
  }

  waiting(prepared: number, of: number, ms: number): void {
    this.#working(`${inSeconds(ms)}  ${prepared} of ${of} first revisions are good`);
  }

  prepared(count: number, ms: number): void {
    this.#screen.status("");
    const all = count === 1 ? "The first revision is" : `All ${count} first revisions are`;
    this.#say(`${all} good after ${inSeconds(ms).trim()}. Now the bad day begins.`);
  }

  scenario({ name, title, given }: Scenario, number: number, count: number): void {
    this.#heading(`${count > 1 ? `${number}/${count}  ` : ""}${name}: ${title}  (${given.application})`);
  }

  entry({ at, who, mood, text }: TimelineEntry, changedAt: number): void {
    const label = `${inSeconds(at - changedAt)}  ${who.padEnd(8)}  `;
    this.#screen.row({ label, labelStyle: WHO_STYLE[who], text, style: MOOD_STYLE[mood] });
  }

  now({ at, newest, wanted, endpoints, guard }: Sight, changedAt: number): void {
    const pods = `${newest?.ready ?? 0} of ${wanted} pods of the newest revision ready`;
    this.#working(
      `${inSeconds(at - changedAt)}  ${pods}, ${endpoints} endpoints; the guard says ${guard?.reason ?? "nothing yet"}`,
    );
  }

  incident(incident: IncidentObject): void {
    const screen = this.#screen;
    screen.status("");
    const { name, namespace = NAMESPACE } = incident.metadata;
    screen.write("", `  ${screen.paint("bold", `Incident ${namespace}/${name}`)}`);
    for (const { label, says } of incidentReport(incident)) {
      for (const [index, text] of says.entries()) {
        const shown = says.length > 1 ? `· ${text}` : text;
        screen.row({ label: `  ${(index === 0 ? label : "").padEnd(8)}  `, labelStyle: "cyan", text: shown });
      }
    }
  }

  /** What is to be said of a scenario right after it; that a rollback is right, its Incident has said. */
  verdict({ faults }: Outcome, { expected }: Scenario, seconds: number): void {
    const screen = this.#screen;
    screen.status("");
    if (expected.outcome === "leftAlone" && faults.length === 0) {
      screen.write("");
      this.#say(
        `No Incident, no rollback: the new version is live and good ${seconds} s after the change.`,
        "green",
      );
    }
    for (const fault of faults) this.#say(`✗ ${fault}`, "red");
  }

  metrics(moved: readonly MovedMetric[], peakSockets: number): void {
    const screen = this.#screen;
    this.#heading("What moved in the operator's /metrics");
    const widest = Math.max(0, ...moved.map(({ series }) => series.length));
    for (const { series, change } of moved)
      screen.write(`  ${series.padEnd(widest)}  ${screen.paint("bold", change)}`);
    screen.write("");
    const isBraked = moved.some(({ series }) => series.startsWith(METRICS.brakes.name));
    const brakes = isBraked ? "" : "No brake had to hold it back. ";
    this.#say(`${brakes}It never had more than ${peakSockets} connections to the API server open.`);
  }

  outcomes(outcomes: readonly Outcome[]): void {
    const screen = this.#screen;
    this.#heading("Outcomes");
    const styles = { head: "dim", ok: "green", wrong: "red" } as const;
    for (const { text, verdict } of outcomeTable(outcomes)) {
      screen.write(`  ${screen.paint(styles[verdict], text)}`);
    }
    const wrong = outcomes.filter(({ faults }) => faults.length > 0);
    screen.write("");
    for (const { scenario, faults } of wrong) {
      for (const fault of faults) this.#say(`✗ ${scenario}: ${fault}`, "red");
    }
    const all = outcomes.length === 1 ? "The outcome is" : "Every outcome is";
    if (wrong.length === 0)
      this.#say(`${all} the right one. This took ${Math.round(process.uptime())} s of real time.`, [
        "bold",
        "green",
      ]);
  }

  keeping({ kubeconfig, metricsUrl, applications, speed }: Running): void {
    const [application = ""] = applications;
    this.#heading("It goes on running");
    this.#say(`Time still runs ${speed}× faster. In another terminal:`);
    this.#screen.write("");
    const commands = [
      `export KUBECONFIG=${kubeconfig}`,
      `kubectl get rolloutguards,incidents -n ${NAMESPACE}`,
      `kubectl describe incidents -n ${NAMESPACE}`,
      `kubectl get pods -n ${NAMESPACE} --watch`,
      `kubectl set image deployment/${application} -n ${NAMESPACE} '*=missing.invalid/${application}:9'   # an image that is not there`,
      `curl -s ${metricsUrl}/metrics | grep ^rollout_guard`,
    ];
    for (const command of commands) this.#screen.write(`  ${this.#screen.paint("cyan", command)}`);
    this.#screen.write("");
    this.#say("Ctrl-C here ends cluster and operator.");
  }

  /** Something kept the demo from its end. */
  failure(message: string): void {
    this.#screen.status("");
    this.#screen.write("");
    this.#say(`✗ ${message}`, ["bold", "red"]);
  }

  /** What the operator wrote last. */
  log(lines: readonly string[]): void {
    this.#heading("The end of the operator's log");
    this.#screen.write(...lines);
  }

  #heading(text: string): void {
    this.#screen.status("");
    const rule = "─".repeat(Math.max(4, this.#screen.width - text.length - 4));
    this.#screen.write("", this.#screen.paint("bold", `── ${text} ${rule}`));
  }

  #say(text: string, style?: Style): void {
    this.#screen.row({ label: "  ", text, style });
  }

  #working(text: string): void {
    this.#turns += 1;
    this.#screen.status(`${SPINNER[this.#turns % SPINNER.length] ?? ""} ${text}`);
  }
}

/** Seconds to a tenth, right-aligned: "  27.3 s". */
function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`.padStart(8);
}
