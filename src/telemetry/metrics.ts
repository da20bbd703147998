// The metrics of the table as live counters, gauges and histograms. The only place that knows prom-client.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { LabelsOf, MetricDescription } from "./metric-description.ts";
import { METRICS } from "./metric-table.ts";

type Table = typeof METRICS;
type Labels = Readonly<Record<string, string>>;

export interface CounterMetric<L> {
  /** Adds `by`, 1 by default. */
  count(labels: L, by?: number): void;
}

export interface HistogramMetric<L> {
  /** Takes one measured value into account. */
  observe(labels: L, seconds: number): void;
}

export interface GaugeMetric<L> {
  /** Reads the values from `source` at each scrape, instead of what was read before. */
  readFrom(source: () => Iterable<readonly [labels: L, value: number]>): void;
}

type Live<M extends MetricDescription> = M["type"] extends "counter"
  ? CounterMetric<LabelsOf<M>>
  : M["type"] extends "histogram"
    ? HistogramMetric<LabelsOf<M>>
    : GaugeMetric<LabelsOf<M>>;

/** Each row of the metric table under its key, and the page for Prometheus. */
export type Metrics = { readonly [K in keyof Table]: Live<Table[K]> } & {
  /** All metrics in Prometheus' text format. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
};

/** New metrics in a registry of their own, each series with closed labels at 0. `version` is shown as build info. */
export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const live = Object.fromEntries(
    Object.entries(METRICS).map(([key, description]) => [key, createMetric(registry, description)]),
  );
  const metrics = {
    ...live,
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  } as unknown as Metrics;
  metrics.buildInfo.readFrom(() => [[{ version, node: process.versions.node }, 1]]);
  return metrics;
}

function createMetric(
  registry: Registry,
  description: MetricDescription,
): CounterMetric<Labels> | HistogramMetric<Labels> | GaugeMetric<Labels> {
  const { name, help, labels } = description;
  const config = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  const series = closedSeries(description);
  switch (description.type) {
    case "counter": {
      const counter = new Counter(config);
      for (const labels of series) counter.inc(labels, 0);
      return { count: (labels, by = 1) => counter.inc(labels, by) };
    }
    case "histogram": {
      const histogram = new Histogram({ ...config, buckets: [...(description.buckets ?? [])] });
      for (const labels of series) histogram.zero(labels);
      return { observe: (labels, seconds) => histogram.observe(labels, seconds) };
    }
    case "gauge": {
      let read: () => Iterable<readonly [Labels, number]> = () => [];
      new Gauge({
        ...config,
        collect() {
          this.reset();
          for (const labels of series) this.set(labels, 0);
          for (const [labels, value] of read()) this.set(labels, value);
        },
      });
      return {
        readFrom: (source) => {
          read = source;
        },
      };
    }
  }
}

/** Every combination of label values when all labels are closed; none when one is open. */
function closedSeries({ labels }: MetricDescription): Labels[] {
  let series: Labels[] = [{}];
  for (const [label, { values }] of Object.entries(labels)) {
    series = series.flatMap((labels) => (values ?? []).map((value) => ({ ...labels, [label]: value })));
  }
  return series;
}
