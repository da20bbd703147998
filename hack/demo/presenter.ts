// How the story looks while it goes on: where time stands, each line of the timeline, each Incident.
import { incidentReport } from "./incident-report.ts";
import type { Outcome } from "./outcome.ts";
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
const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

export class Presenter {
  readonly #screen: Screen;
  #turns = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  opening(speed: number): void {
    this.#screen.heading("RolloutGuard, a demonstration");
    this.#screen.say(
      "A Kubernetes cluster simulated in memory, and the real operator (src/main.ts) in a separate process.",
    );
    const pace =
      speed === 1 ? "The clock runs in real time." : `The clock runs ${speed}× faster than real time.`;
    this.#screen.say(`${pace} All times below are times of the cluster.`);
  }

  preparing(scenarios: readonly Scenario[]): void {
    const names = scenarios.map(({ given }) => given.application).join(", ");
    this.#screen.write("");
    this.#screen.say(
      `In namespace ${NAMESPACE}, each with three pods, a Service and a RolloutGuard: ${names}. ` +
        `The bake time is ${BAKE_TIME}: a revision that is healthy for that time counts as good.`,
    );
  }

  waiting(prepared: number, of: number, ms: number): void {
    this.#working(`${inSeconds(ms)}  ${prepared} of ${of} first revisions are good`);
  }

  prepared(count: number, ms: number): void {
    this.#screen.status("");
    const all = count === 1 ? "The first revision is" : `All ${count} first revisions are`;
    this.#screen.say(`${all} good after ${inSeconds(ms).trim()}. Now the failing releases start.`);
  }

  scenario({ name, title, given }: Scenario, number: number, count: number): void {
    this.#screen.heading(
      `${count > 1 ? `${number}/${count}  ` : ""}${name}: ${title}  (${given.application})`,
    );
  }

  entry({ at, who, mood, text }: TimelineEntry, changedAt: number): void {
    const label = `${inSeconds(at - changedAt)}  ${who.padEnd(8)}  `;
    this.#screen.row({ label, labelStyle: WHO_STYLE[who], text, style: MOOD_STYLE[mood] });
  }

  now({ at, newest, wanted, endpoints, guard }: Sight, changedAt: number): void {
    const pods = `${newest?.ready ?? 0} of ${wanted} pods of the newest revision ready`;
    this.#working(
      `${inSeconds(at - changedAt)}  ${pods}, ${endpoints} endpoints; guard: ${guard?.reason ?? "no status yet"}`,
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
      this.#screen.say(
        `No Incident, no rollback: the new version is live and counts as good ${seconds}s after the change.`,
        "green",
      );
    }
    if (faults.length > 0) screen.write("");
    for (const fault of faults) screen.say(`✗ ${fault}`, "red");
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
