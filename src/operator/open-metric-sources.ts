// The metric sources of the settings' file, with what the log and the metrics say of them.
import { MetricSources, type QueryOutcome } from "../answers/metrics/metric-sources.ts";
import type { Clock } from "../kube/clock.ts";
import type { Logger } from "../telemetry/logger.ts";
import { QUERY_RESULTS, type QueryResultLabel } from "../telemetry/metric-table.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Settings } from "./settings-table.ts";

interface Parts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "metricQueries" | "metricSourcesUpToDate">;
}

const LABELS: Readonly<Record<QueryOutcome, QueryResultLabel>> = {
  success: "success",
  unreachable: "unreachable",
  timeout: "timeout",
  tls: "tls",
  unauthorized: "unauthorized",
  status: "status",
  partial: "partial",
  tooLarge: "too_large",
  notAsked: "not_asked",
};

/** Reads the file, and reads it again when it changes. A file that cannot be used does not keep the operator from working. */
export function openMetricSources(
  { metricSources: file }: Pick<Settings, "metricSources">,
  { clock, logger, metrics }: Parts,
): MetricSources {
  const sources = new MetricSources({
    file,
    clock,
    onQuery: (source, outcome) => metrics.metricQueries.count({ source, result: LABELS[outcome] }),
    onLoad: (names) => {
      logger.info(`metric sources: ${names.join(", ") || "none"}`, { file });
      // A counter that appears with its first event hides that event from rate().
      for (const source of names)
        for (const result of QUERY_RESULTS) metrics.metricQueries.count({ source, result }, 0);
    },
    onProblem: (why) =>
      logger.error(`cannot use the file of metric sources; keeping the previous ones: ${why}`, { file }),
  });
  metrics.metricSourcesUpToDate.readFrom(() => [[{}, sources.isUpToDate ? 1 : 0]]);
  sources.start();
  return sources;
}
