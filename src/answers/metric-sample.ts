// What a metric check measures, from the source that it names.
import { PODS_SOURCE } from "../api/metric-check.ts";
import type { Adapter } from "./adapter.ts";
import { sampleOf } from "./metrics/sample.ts";

export const metricSample: Adapter<"metricSample"> = async (question, _snapshot, sources) => {
  const { metricSources, podMetrics } = sources;
  if (question.check.source === PODS_SOURCE) {
    if (podMetrics !== undefined) return podMetrics.sample(question);
    throw new Error("RolloutGuard does not read metrics of pods; start it with --http-checks");
  }
  if (metricSources === undefined) throw new Error("Only the operator asks metric sources.");
  return sampleOf(question, metricSources);
};
