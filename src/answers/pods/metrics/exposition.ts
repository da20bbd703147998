// The text in which applications serve their metrics: Prometheus' exposition format 0.0.4, and OpenMetrics as far as it is the same.
import type { Labels } from "./metric-selector.ts";

export interface Sample {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/sy;

/**
 * The samples of the metrics of these names; all others are skipped unread. A line that is not valid is skipped too: one
 * broken metric must not hide the others.
 */
export function samplesOf(text: string, metrics: ReadonlySet<string>): readonly Sample[] {
  return Array.from(linesOf(text)).flatMap((line) => {
    NAME.lastIndex = 0;
    const [metric] = NAME.exec(line) ?? [];
    return metric !== undefined && metrics.has(metric) ? (sampleIn(line, metric) ?? []) : [];
  });
}

/** The names of all metrics that are served, with their types, in order of appearance. */
export function metricTypes(text: string): ReadonlyMap<string, string> {
  return new Map(
    Array.from(
      text.matchAll(/^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) ([a-z]+)\s*$/gm),
      ([, metric = "", type = ""]) => [metric, type],
    ),
  );
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const to = end === -1 ? text.length : end;
    if (text[from] !== "#" && to > from) yield text.slice(from, to);
    from = to + 1;
  }
}

function sampleIn(line: string, metric: string): Sample | undefined {
  let at = metric.length;
  const labels: Record<string, string> = Object.create(null);
  if (line[at] === "{") {
    const end = labelsIn(line, at + 1, labels);
    if (end === undefined) return undefined;
    at = end;
  }
  // A timestamp, an exemplar: what follows the value is not needed.
  const [, written] = /^[ \t]+(\S+)/.exec(line.slice(at)) ?? [];
  const value = written === undefined ? undefined : numberOf(written);
  return value === undefined ? undefined : { metric, labels, value };
}

/** Where the labels end, behind their brace. */
function labelsIn(line: string, from: number, labels: Record<string, string>): number | undefined {
  let at = from;
  for (;;) {
    while (line[at] === " " || line[at] === "\t") at += 1;
    if (line[at] === "}") return at + 1;
    LABEL.lastIndex = at;
    const [matched, name, value, comma] = LABEL.exec(line) ?? [];
    if (matched === undefined || name === undefined || value === undefined) return undefined;
    labels[name] = value.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
    at += matched.length;
    if (comma === "" && line[at] !== "}") return undefined;
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function numberOf(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  if (/^[+-]?inf$/i.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : undefined;
}
