// What lint found, for people: grouped by file, a finding in a few lines that fit the terminal.
import type { LintFinding, Severity } from "../../../manifests/finding.ts";
import { placeText } from "../../../manifests/place.ts";
import { type Colour, painter, type Terminal } from "../../terminal.ts";
import { wrapped } from "../../text/wrapped-text.ts";
import { countsText, type LintReport } from "./lint-report.ts";
import { ruleLink } from "./rule-link.ts";

const COLOURS: Readonly<Record<Severity, Colour>> = { error: "red", warning: "yellow", info: "cyan" };

/** Sentences are easier to read when lines are not too long. */
const WIDEST = 110;

type Look = Pick<Terminal, "columns" | "hasColours">;

export function humanReport(report: LintReport, look: Look): string {
  const paint = painter(look);
  const groups = Map.groupBy(report.findings, ({ place }) => place.source);
  const blocks = [...groups].map(([source, findings]) =>
    [paint("bold", source), ...findings.map((finding) => findingText(finding, look))].join("\n"),
  );
  const problems = report.problems.map(({ place, message }) =>
    [
      paint("bold", placeText(place)),
      paint("red", wrapped(message, Math.min(look.columns, WIDEST), " ".repeat(10))),
    ].join("\n"),
  );
  return [...blocks, ...(problems.length > 0 ? [problems.join("\n")] : []), summary(report, look)].join(
    "\n\n",
  );
}

/** Position, severity, rule and object in the first line; below it what is wrong and what to write. */
function findingText({ place, severity, rule, kind, name, message, fix }: LintFinding, look: Look): string {
  const paint = painter(look);
  const at = place.line === undefined ? "" : `${place.line}:${place.column ?? 1}`;
  const columns = Math.min(look.columns, WIDEST);
  const where = place.line === undefined ? `${kind}/${name}` : "";
  const head = [
    paint("dim", at.padEnd(7)),
    paint(COLOURS[severity], severity.padEnd(7)),
    paint("bold", rule),
    where,
  ];
  const lines = [
    `  ${head.join(" ").trimEnd()}`,
    wrapped(message, columns, " ".repeat(10)),
    wrapped(fix, columns, " ".repeat(12)).replace("  ".repeat(6), `${" ".repeat(10)}→ `),
  ];
  return lines.join("\n");
}

function summary(report: LintReport, look: Look): string {
  const { counts, objects, suppressed, problems, notes, findings } = report;
  const hidden = counts.error + counts.warning + counts.info - findings.length;
  const said = [
    `${countsText(counts)} in ${objects} ${objects === 1 ? "object" : "objects"}`,
    ...(hidden > 0 ? [`${hidden} not shown: --severity info`] : []),
    ...(suppressed > 0 ? [`${suppressed} ignored by annotation`] : []),
    ...(problems.length > 0
      ? [`${problems.length} ${problems.length === 1 ? "place" : "places"} could not be read`]
      : []),
  ];
  const paint = painter(look);
  const worst = problems.length > 0 || counts.error > 0 ? "red" : counts.warning > 0 ? "yellow" : "green";
  const lines = notes.map((note) => wrapped(`note: ${note}`, Math.min(look.columns, WIDEST)));
  if (findings.length > 0) lines.push(paint("dim", `More: ${ruleLink()}`));
  return `${[...lines, paint(worst, wrapped(said.join("; "), Math.min(look.columns, WIDEST)))].join("\n")}\n`;
}
