// The metric sources of the mounted file, read again when it changes. A file that cannot be used leaves the sources as they were.
import { readFileSync } from "node:fs";
import type { Clock } from "../../kube/clock.ts";
import { PrometheusClient } from "./prometheus-client.ts";
import { QueryLimits } from "./query-limits.ts";
import type { MetricSource } from "./sample-source.ts";
import { QueryError } from "./selectors.ts";
import { SourceError, type SourceFailure } from "./source-error.ts";
import { type MetricSourceConfig, parseSourceFile } from "./source-file.ts";

/** How a query to a source ended. */
export type QueryOutcome = "success" | SourceFailure;

export interface MetricSourcesOptions {
  /** Empty: there are no sources. */
  readonly file: string;
  readonly clock: Clock;
  readonly onQuery: (source: string, outcome: QueryOutcome) => void;
  /** The file was read, and has these sources. */
  readonly onLoad: (names: readonly string[]) => void;
  /** It cannot be used, and why; said once. */
  readonly onProblem: (why: string) => void;
}

/** How often the file is read. A kubelet takes up to a minute to replace what it mounts. */
const READ_EVERY_MS = 10_000;

export class MetricSources {
  readonly #options: MetricSourcesOptions;
  #sources: ReadonlyMap<string, LimitedSource> = new Map();
  #text: string | undefined;
  #problem: string | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: MetricSourcesOptions) {
    this.#options = options;
  }

  /** Whether the sources are those that the file names now. */
  get isUpToDate(): boolean {
    return this.#problem === undefined;
  }

  /** Reads the file, now and then on. */
  start(): void {
    if (this.#options.file === "") return;
    this.#read();
    this.#cancelTimer = this.#options.clock.after(READ_EVERY_MS, () => this.start());
  }

  async stop(): Promise<void> {
    this.#cancelTimer?.();
    await Promise.all([...this.#sources.values()].map((source) => source.close()));
  }

  /** The moment that a sample is about, if it is about now. */
  now(): number {
    return this.#options.clock.now();
  }

  /** Throws QueryError where the namespace has no such source, SourceError where nobody knows which it has. */
  sourceFor(namespace: string, name: string): MetricSource {
    if (this.#text === undefined && this.#problem !== undefined)
      throw new SourceError(
        "notAsked",
        "The file of metric sources cannot be used; see the log of RolloutGuard.",
      );
    const source = this.#sources.get(name);
    if (source && isFor(source.config, namespace)) return source;
    const others = [...this.#sources.values()].filter(({ config }) => isFor(config, namespace));
    const there = others.map(({ config }) => config.name).join(", ");
    throw new QueryError(
      `source: there is no metric source ${name} for this namespace${there && `, only ${there}`}; the administrator of RolloutGuard configures them, and source: pods requires none`,
    );
  }

  #read(): void {
    const { file, onLoad, onProblem } = this.#options;
    try {
      const text = readFileSync(file, "utf8");
      if (text === this.#text && this.isUpToDate) return;
      this.#use(parseSourceFile(text));
      this.#text = text;
      this.#problem = undefined;
      onLoad([...this.#sources.keys()]);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== this.#problem) onProblem(why);
      this.#problem = why;
    }
  }

  /** A source that has not changed keeps its queue, and what is known of it. */
  #use(configs: readonly MetricSourceConfig[]): void {
    const before = this.#sources;
    this.#sources = new Map(
      configs.map((config) => {
        const known = before.get(config.name);
        const source =
          known && isSame(known.config, config) ? known : new LimitedSource(config, this.#options);
        return [config.name, source];
      }),
    );
    const kept = new Set(this.#sources.values());
    for (const source of before.values()) if (!kept.has(source)) void source.close();
  }
}

/** A source that is asked within its limits, and whose queries are counted. */
class LimitedSource implements MetricSource {
  readonly config: MetricSourceConfig;
  readonly #client: PrometheusClient;
  readonly #limits: QueryLimits;
  readonly #onQuery: MetricSourcesOptions["onQuery"];

  constructor(config: MetricSourceConfig, { clock, onQuery }: MetricSourcesOptions) {
    this.config = config;
    this.#client = new PrometheusClient(config, clock);
    const notAsked = `Metric source ${config.name} is not asked for some minutes because it failed too often.`;
    this.#limits = new QueryLimits({ ...config.limits, clock, notAsked });
    this.#onQuery = onQuery;
  }

  async ask(query: Parameters<PrometheusClient["ask"]>[0]) {
    try {
      const result = await this.#limits.run(query.namespace, () => this.#client.ask(query));
      this.#onQuery(this.config.name, "success");
      return result;
    } catch (error) {
      if (error instanceof SourceError) this.#onQuery(this.config.name, error.failure);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function isFor({ namespaces }: MetricSourceConfig, namespace: string): boolean {
  return namespaces.includes("*") || namespaces.includes(namespace);
}

function isSame(one: MetricSourceConfig, other: MetricSourceConfig): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
