// Metric checks without a metrics server: reads the metrics of some pods of each revision, and counts what they gained.
import type { AskedPod } from "../../../domain/snapshot/asked-pod.ts";
import type { MetricSample, PodCounts, SideCounts } from "../../../domain/snapshot/metric-sample.ts";
import type { MetricSampleQuestion, SampledPods } from "../../../domain/snapshot/question.ts";
import { sumOf } from "../../metrics/side-counts.ts";
import type { PodClient } from "../pod-client.ts";
import { CounterHistory } from "./counter-history.ts";
import { type Measure, measureOf } from "./measure.ts";
import { SelectorError } from "./metric-selector.ts";

/** Of each side: what goes wrong shows in a few pods, and each costs a request. */
const MOST_PODS = 10;
const MOST_BYTES = 2 * 1_024 * 1_024;
const TIMEOUT_MS = 5_000;
/** What is not read any more is forgotten. */
const FORGOTTEN_AFTER_MS = 5 * 60_000;

/** A pod whose metrics could not be read, and why. */
interface Unread {
  readonly pod: string;
  readonly why: string;
}

/** Keeps the last scrapes of each pod and check: a counter tells nothing until it is read twice. */
export class PodMetrics {
  readonly #client: PodClient;
  readonly #histories = new Map<string, CounterHistory>();

  constructor(client: PodClient) {
    this.#client = client;
  }

  /** Rejects when no pod of a side can be read. Nobody can read what metrics were in the past. */
  async sample(question: MetricSampleQuestion): Promise<MetricSample> {
    const { new: newSide, old: oldSide, endAt } = question;
    try {
      const measure = await measureOf(question.check);
      const { queries } = measure;
      if (endAt !== undefined) {
        return { kind: "counts", new: newSide && "noSeries", old: oldSide && "noSeries", queries };
      }
      const [newCounts, oldCounts] = await Promise.all([
        this.#side(question, newSide, measure),
        this.#side(question, oldSide, measure),
      ]);
      return { kind: "counts", new: newCounts, old: oldCounts, queries };
    } catch (error) {
      if (error instanceof SelectorError) return { kind: "invalid", message: error.message };
      throw error;
    } finally {
      this.#forget();
    }
  }

  async #side(
    question: MetricSampleQuestion,
    side: SampledPods | undefined,
    measure: Measure,
  ): Promise<SideCounts | "noSeries" | undefined> {
    if (side === undefined) return undefined;
    const pods = side.pods.toSorted((a, b) => (a.uid < b.uid ? -1 : 1)).slice(0, MOST_PODS);
    const readings = await Promise.all(pods.map((pod) => this.#read(question, pod, measure)));
    const unread = readings.filter((reading) => reading !== undefined && "why" in reading);
    if (pods.length > 0 && unread.length === pods.length) {
      throw new Error(`Cannot read the metrics of pod ${unread[0]?.pod}: ${unread[0]?.why}`);
    }
    return sumOf(readings.filter((reading) => reading !== undefined && "total" in reading));
  }

  /** Undefined: it can be read, and there is nothing to compare yet. */
  async #read(
    { namespace, check, windowMs }: MetricSampleQuestion,
    pod: AskedPod,
    measure: Measure,
  ): Promise<PodCounts | Unread | undefined> {
    const text = await this.#metricsOf(namespace, pod, check);
    if (typeof text !== "string") return text;
    const { part, total } = measure.read(text);
    if (total.size === 0) return undefined;
    const at = this.#client.clock.now();
    const key = JSON.stringify([namespace, pod.uid, check.name, measure.queries, check.port, check.path]);
    const history = this.#histories.get(key) ?? new CounterHistory();
    this.#histories.set(key, history);
    history.read(part, total, at);
    const gain = history.since(at - windowMs);
    if (gain === undefined) return undefined;
    return { pod: pod.name, bad: Math.round(measure.bad(gain)), total: Math.round(gain.total) };
  }

  async #metricsOf(
    namespace: string,
    pod: AskedPod,
    { port, path }: MetricSampleQuestion["check"],
  ): Promise<string | Unread> {
    const answer = await this.#client.ask({
      namespace,
      pod,
      port: port ?? pod.scrape?.port,
      request: {
        scheme: "HTTP",
        method: "GET",
        path: path ?? pod.scrape?.path ?? "/metrics",
        headers: [{ name: "Accept", value: "text/plain;version=0.0.4" }],
        timeoutMs: TIMEOUT_MS,
      },
      mostBodyBytes: MOST_BYTES,
    });
    if (answer.class !== "answered") return { pod: pod.name, why: answer.message };
    if (answer.status !== 200) return { pod: pod.name, why: `it answered ${answer.status}` };
    if (answer.isCut) return { pod: pod.name, why: `they are larger than ${MOST_BYTES / 1_024 / 1_024} MiB` };
    return answer.body.toString("utf8");
  }

  #forget(): void {
    const now = this.#client.clock.now();
    for (const [key, history] of this.#histories)
      if (history.readAt < now - FORGOTTEN_AFTER_MS) this.#histories.delete(key);
  }
}
