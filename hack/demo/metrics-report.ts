// Which of the operator's metrics moved between two scrapes of /metrics. Pure.
import { METRICS } from "../../src/telemetry/metric-table.ts";

export interface MovedMetric {
  /** As Prometheus names it, with labels. */
  readonly series: string;
  /** "+3" of a counter, "4, 28.3 s on average" of a histogram. */
  readonly change: string;
}

const LINE = /^([A-Za-z_:][\w:]*)(\{.*\})? (\S+)$/;

/** The samples of an exposition text: series with labels, as written, to value. Comments are skipped. */
export function parseMetrics(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name, labels = "", value] = LINE.exec(line) ?? [];
    if (name !== undefined) samples.set(name + labels, Number(value));
  }
  return samples;
}

/** The counters and histograms of the operator that grew, in the order of its table of metrics. */
export function movedMetrics(before: string, after: string): readonly MovedMetric[] {
  const [was, is] = [parseMetrics(before), parseMetrics(after)];
  const grown = (series: string) => (is.get(series) ?? 0) - (was.get(series) ?? 0);
  return Object.values(METRICS).flatMap(({ name, type }): MovedMetric[] => {
    if (type === "counter") {
      const series = [...is.keys()].filter((key) => key === name || key.startsWith(`${name}{`));
      return series.filter((key) => grown(key) > 0).map((key) => ({ series: key, change: `+${grown(key)}` }));
    }
    if (type !== "histogram") return [];
    const counts = [...is.keys()].filter(
      (key) => key === `${name}_count` || key.startsWith(`${name}_count{`),
    );
    return counts
      .filter((key) => grown(key) > 0)
      .map((key) => {
        const mean = grown(key.replace(`${name}_count`, `${name}_sum`)) / grown(key);
        return { series: key.replace("_count", ""), change: `${grown(key)}, ${inSeconds(mean)} on average` };
      });
  });
}

function inSeconds(amount: number): string {
  return amount < 0.1 ? `${(amount * 1_000).toFixed(1)} ms` : `${amount.toFixed(1)} s`;
}
