// The queries behind a ratio and a latency: what the counters of each pod have grown by within the window.
import type { MetricSampleQuestion } from "../../domain/snapshot/question.ts";
import { boundPattern } from "./bucket-bounds.ts";
import { podPattern } from "./pod-names.ts";
import { type Matcher, type PromqlReader, QueryError } from "./selectors.ts";
import type { MetricSourceConfig } from "./source-file.ts";

/** Makes queries for one question to one source. Its functions throw QueryError, which names the field of the check. */
export class CountQueries {
  readonly #promql: PromqlReader;
  readonly #question: MetricSampleQuestion;
  readonly #config: MetricSourceConfig;

  constructor(promql: PromqlReader, question: MetricSampleQuestion, config: MetricSourceConfig) {
    this.#promql = promql;
    this.#question = question;
    this.#config = config;
  }

  /** By pod, for a counter such as `http_requests_total{code=~"5.."}`. */
  ofCounter(field: string, counter: string): string {
    const selector = this.#selector(field, counter, []);
    return `sum by (${this.#config.podLabel}) (increase(${selector}${this.#window()}))`;
  }

  /** By pod and bucket: that of the bound, and that of all requests. */
  ofBuckets(histogram: string, bound: number): string {
    const bounds: Matcher = { label: "le", operator: "=~", value: boundPattern(bound) };
    const selector = this.#selector("latency.histogram", histogram, [bounds], "_bucket");
    return `sum by (${this.#config.podLabel}, le) (increase(${selector}${this.#window()}))`;
  }

  /** Which buckets the histogram has. */
  ofBounds(histogram: string): string {
    return `count by (le) (${this.#selector("latency.histogram", histogram, [], "_bucket")})`;
  }

  #window(): string {
    return `[${windowText(this.#question.windowMs)}]`;
  }

  #selector(field: string, text: string, more: readonly Matcher[], suffix = ""): string {
    const { podLabel } = this.#config;
    const { namespace, new: newSide, old: oldSide } = this.#question;
    const pods: Matcher = { label: podLabel, operator: "=~", value: podPattern([newSide, oldSide]) };
    const matchers = [...confinement(this.#config, namespace), pods, ...more];
    return inField(field, () => this.#promql.selectorWith(text, matchers, suffix));
  }
}

/** The matcher that every selector gets which a guard of the namespace writes. */
export function confinement({ confine }: MetricSourceConfig, namespace: string): readonly Matcher[] {
  return confine === false ? [] : [{ label: confine.label, operator: "=", value: namespace }];
}

/** A window as PromQL writes it. */
export function windowText(windowMs: number): string {
  return `${Math.max(1, Math.round(windowMs / 1_000))}s`;
}

/** Puts the name of the field in front of what is wrong with it. */
export function inField<T>(field: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof QueryError) throw new QueryError(`${field}: ${error.message}`);
    throw error;
  }
}
