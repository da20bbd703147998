// What an adapter is: it answers one kind of question, from the API server or from somewhere else.
import type { AnswerValues, Ask, QuestionOf } from "../domain/snapshot/question.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Caches } from "../kube/caches/caches.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import type { MetricSources } from "./metrics/metric-sources.ts";
import type { PodMetrics } from "./pods/metrics/pod-metrics.ts";
import type { PodClient } from "./pods/pod-client.ts";

export interface AnswerSources {
  readonly client: Pick<ApiClient, "get" | "getText">;
  readonly caches: Pick<Caches, "contents">;
  /** Undefined where nobody has configured any: for the commands. */
  readonly metricSources?: Pick<MetricSources, "sourceFor" | "now"> | undefined;
  /** Undefined: pods are not asked. */
  readonly pods?: PodClient | undefined;
  readonly podMetrics?: PodMetrics | undefined;
}

/** Rejects when there is no answer. Keeps to a deadline of its own: a rollback can be waiting for it. */
export type Adapter<A extends Ask> = (
  question: QuestionOf<A>,
  snapshot: Snapshot,
  sources: AnswerSources,
) => Promise<AnswerValues[A]>;
