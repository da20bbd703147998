// A metric check, asked of a source of the file. A mistake of whoever wrote the guard is an answer; a failure of the source is none.
import type { MetricSample } from "../../domain/snapshot/metric-sample.ts";
import type { MetricSampleQuestion } from "../../domain/snapshot/question.ts";
import type { MetricSources } from "./metric-sources.ts";
import { sampleSource } from "./sample-source.ts";
import { loadPromql, QueryError } from "./selectors.ts";

/** Rejects with SourceError. */
export async function sampleOf(
  question: MetricSampleQuestion,
  sources: Pick<MetricSources, "sourceFor" | "now">,
): Promise<MetricSample> {
  const { check, namespace, endAt } = question;
  try {
    const source = sources.sourceFor(namespace, check.source);
    return await sampleSource(question, source, await loadPromql(), endAt ?? sources.now());
  } catch (error) {
    if (error instanceof QueryError) return { kind: "invalid", message: error.message };
    throw error;
  }
}
