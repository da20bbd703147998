// What a metric check counts in the metrics of one pod: all requests, and a part of them.

import { millisecondsOf } from "../../../api/duration.ts";
import type { MetricCheck } from "../../../api/metric-check.ts";
import type { Counters } from "./counter-history.ts";
import { type Sample, samplesOf } from "./exposition.ts";
import { type MetricSelector, parseSelector, SelectorError } from "./metric-selector.ts";

export interface Measure {
  /** Throws SelectorError where the metrics do not have what the check needs. */
  read(text: string): { readonly part: Counters; readonly total: Counters };
  /** The bad requests of what was gained. */
  bad(gain: { readonly part: number; readonly total: number }): number;
  /** For people: what is counted. */
  readonly queries: readonly string[];
}

/** A metric with more of them has a label for each request: reading it would cost more than it tells. */
const MOST_SERIES = 2_000;

/** Rejects with SelectorError. */
export async function measureOf({ ratio, latency }: MetricCheck): Promise<Measure> {
  if (ratio !== undefined) {
    const [bad, total] = [await parseSelector(ratio.bad), await parseSelector(ratio.total)];
    return {
      read(text) {
        const samples = samplesOf(text, new Set([bad.metric, total.metric]));
        return { part: counters(samples, bad), total: counters(samples, total) };
      },
      bad: ({ part }) => part,
      queries: [ratio.bad, ratio.total],
    };
  }
  if (latency === undefined) throw new SelectorError("source: pods answers ratio and latency and no query");
  return latencyMeasure(latency.histogram, millisecondsOf(latency.above) / 1_000);
}

async function latencyMeasure(written: string, aboveSeconds: number): Promise<Measure> {
  const histogram = await parseSelector(written);
  const count = { ...histogram, metric: `${histogram.metric}_count` };
  const bucket = { ...histogram, metric: `${histogram.metric}_bucket` };
  return {
    read(text) {
      const samples = samplesOf(text, new Set([count.metric, bucket.metric]));
      const buckets = samples.filter(
        ({ metric, labels }) => metric === bucket.metric && bucket.matches(labels),
      );
      const bounds = new Set(buckets.map(({ labels }) => Number(labels["le"])).filter(Number.isFinite));
      if (buckets.length > 0 && !bounds.has(aboveSeconds)) {
        throw new SelectorError(
          `${bucket.metric} has no bucket of ${aboveSeconds}s; it has ${boundsText(bounds)}`,
        );
      }
      const quick = buckets.filter(({ labels }) => Number(labels["le"]) === aboveSeconds);
      return { part: counters(quick, bucket), total: counters(samples, count) };
    },
    bad: ({ part, total }) => Math.max(0, total - part),
    queries: [`${bucket.metric}{le="${aboveSeconds}"}`, count.metric],
  };
}

function counters(samples: readonly Sample[], { metric, matches }: MetricSelector): Counters {
  const matching = samples.filter((sample) => sample.metric === metric && matches(sample.labels));
  if (matching.length > MOST_SERIES) {
    throw new SelectorError(`${metric} has more than ${MOST_SERIES} series; choose fewer by their labels`);
  }
  return new Map(
    matching
      .filter(({ value }) => Number.isFinite(value) && value >= 0)
      .map(({ labels, value }) => [JSON.stringify(Object.entries(labels).sort(byName)), value]),
  );
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

function boundsText(bounds: ReadonlySet<number>): string {
  return bounds.size === 0
    ? "none"
    : [...bounds]
        .sort((a, b) => a - b)
        .map((bound) => `${bound}s`)
        .join(", ");
}
