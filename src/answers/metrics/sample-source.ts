// A metric check, asked of a source: which queries it takes, and what their results say.

import { millisecondsOf } from "../../api/duration.ts";
import type { MetricSample } from "../../domain/snapshot/metric-sample.ts";
import type { MetricSampleQuestion } from "../../domain/snapshot/question.ts";
import { boundsText, INFINITE, unitMsOf, writtenBounds } from "./bucket-bounds.ts";
import { CountQueries, confinement, inField } from "./count-queries.ts";
import type { PrometheusQuery } from "./prometheus-client.ts";
import type { QueryResult, Series } from "./query-result.ts";
import { withVariables } from "./query-variables.ts";
import { type PromqlReader, QueryError } from "./selectors.ts";
import { type PodGrowth, sidesOf } from "./side-counts.ts";
import { SourceError } from "./source-error.ts";
import type { MetricSourceConfig } from "./source-file.ts";

export interface MetricSource {
  readonly config: MetricSourceConfig;
  /** Rejects with SourceError. */
  ask(query: PrometheusQuery): Promise<QueryResult>;
}

/** All queries of one sample are about the moment `at` (epoch ms). Rejects with SourceError, and with QueryError for the guard's mistakes. */
export async function sampleSource(
  question: MetricSampleQuestion,
  source: MetricSource,
  promql: PromqlReader,
  at: number,
): Promise<MetricSample> {
  const { check, namespace } = question;
  const { config } = source;
  const queries = new CountQueries(promql, question, config);
  const ask = (query: string) => source.ask({ query, at, namespace });
  if (check.ratio !== undefined) return sampleRatio(question, queries, check.ratio, config.podLabel, ask);
  if (check.latency !== undefined)
    return sampleLatency(question, queries, check.latency, config.podLabel, ask);
  const query = inField("query", () =>
    promql.withMatchers(withVariables(check.query ?? "", question), confinement(config, namespace)),
  );
  return { kind: "value", value: theValue(await askOwnQuery(ask, query)), queries: [query] };
}

type AskSource = (query: string) => Promise<QueryResult>;

async function sampleRatio(
  question: MetricSampleQuestion,
  queries: CountQueries,
  ratio: { readonly bad: string; readonly total: string },
  podLabel: string,
  ask: AskSource,
): Promise<MetricSample> {
  const badQuery = queries.ofCounter("ratio.bad", ratio.bad);
  const totalQuery = queries.ofCounter("ratio.total", ratio.total);
  const [bad, total] = await Promise.all([ask(badQuery), ask(totalQuery)]);
  const badOf = byPod(seriesOf(bad), podLabel);
  // A counter of errors begins with the first one: no such series is no error.
  const growths = [...byPod(seriesOf(total), podLabel)].map(
    ([pod, requests]): PodGrowth => ({ pod, bad: badOf.get(pod) ?? 0, total: requests }),
  );
  return { kind: "counts", ...sidesOf(question, growths), queries: [badQuery, totalQuery] };
}

async function sampleLatency(
  question: MetricSampleQuestion,
  queries: CountQueries,
  { histogram, above }: { readonly histogram: string; readonly above: string },
  podLabel: string,
  ask: AskSource,
): Promise<MetricSample> {
  const bound = millisecondsOf(above) / unitMsOf(histogram);
  const query = queries.ofBuckets(histogram, bound);
  const series = seriesOf(await ask(query));
  const isBound = ({ labels }: Series) => labels["le"] !== INFINITE;
  // Requests without the bucket are none that were slow: the bucket may not be there.
  if (series.length > 0 && !series.some(isBound)) {
    const bounds = seriesOf(await ask(queries.ofBounds(histogram))).map(({ labels }) => labels["le"] ?? "");
    if (!bounds.some((text) => writtenBounds(bound).includes(text)))
      throw new QueryError(
        `latency.above: ${histogram} has no bucket of ${above}; it has ${boundsText(bounds, unitMsOf(histogram))}`,
      );
  }
  const fast = byPod(series.filter(isBound), podLabel);
  const all = byPod(
    series.filter((one) => !isBound(one)),
    podLabel,
  );
  const growths = [...fast].flatMap(([pod, quick]): PodGrowth[] => {
    const total = all.get(pod);
    return total === undefined ? [] : [{ pod, bad: Math.round(total) - Math.round(quick), total }];
  });
  return { kind: "counts", ...sidesOf(question, growths), queries: [query] };
}

/** Values by pod, without those that are not numbers. */
function byPod(series: readonly Series[], podLabel: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const { labels, value } of series) {
    const pod = labels[podLabel] ?? "";
    if (!Number.isNaN(value)) values.set(pod, (values.get(pod) ?? 0) + value);
  }
  return values;
}

function seriesOf(result: QueryResult): readonly Series[] {
  return result.type === "vector" ? result.series : [];
}

async function askOwnQuery(ask: AskSource, query: string): Promise<QueryResult> {
  try {
    return await ask(query);
  } catch (error) {
    if (error instanceof SourceError && error.isBadQuery)
      throw new QueryError("query: the metric source cannot parse it");
    throw error;
  }
}

function theValue(result: QueryResult): number | "noSeries" {
  if (result.type === "other")
    throw new QueryError(`query: it returns a ${result.name}, and must return one number`);
  const values = result.type === "scalar" ? [result.value] : result.series.map(({ value }) => value);
  if (values.length > 1)
    throw new QueryError(`query: it returns ${values.length} series; make them one with sum() or max()`);
  const [value] = values;
  return value === undefined || Number.isNaN(value) ? "noSeries" : value;
}
