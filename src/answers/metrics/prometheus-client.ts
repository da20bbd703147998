// Asks one metric source: a POST to /api/v1/query, the common API of Prometheus, Thanos, Mimir and VictoriaMetrics. It follows no
// redirect, reads at most 1 MiB, and repeats nothing of what the source wrote.
import { Agent, errors } from "undici";
import type { Clock } from "../../kube/clock.ts";
import { FileContents } from "./file-contents.ts";
import { type QueryResult, readResult, saysBadQuery } from "./query-result.ts";
import { SourceError } from "./source-error.ts";
import type { MetricSourceConfig } from "./source-file.ts";

const MOST_BYTES = 1024 * 1024;
const MOST_HEADER_BYTES = 16 * 1024;
/** Shorter than any useful timeout of a query, so that an unreachable source differs from a slow one. */
const CONNECT_TIMEOUT_MS = 3_000;
const KEEP_IDLE_MS = 20_000;
const PRINTABLE = /^[\x21-\x7e]+$/;

export interface PrometheusQuery {
  readonly query: string;
  /** The moment that it asks about (epoch ms). */
  readonly at: number;
  /** The guard's. */
  readonly namespace: string;
}

export class PrometheusClient {
  readonly #config: MetricSourceConfig;
  readonly #files: FileContents;
  #agent: { readonly agent: Agent; readonly ca: string | undefined } | undefined;

  constructor(config: MetricSourceConfig, clock: Pick<Clock, "now">) {
    this.#config = config;
    this.#files = new FileContents(clock);
  }

  /** One request. Rejects with SourceError. */
  async ask({ query, at, namespace }: PrometheusQuery): Promise<QueryResult> {
    const { name, url, timeout } = this.#config;
    const { origin, pathname } = new URL(url);
    const seconds = timeout / 1_000;
    const form = new URLSearchParams({ query, time: (at / 1_000).toFixed(3), timeout: `${seconds}s` });
    const dispatcher = this.#dispatcher();
    const headers = this.#headers(namespace);
    const signal = AbortSignal.timeout(timeout);
    try {
      const { statusCode, body } = await dispatcher.request({
        origin,
        path: `${pathname.replace(/\/+$/, "")}/api/v1/query`,
        method: "POST",
        headers,
        body: form.toString(),
        signal,
      });
      return this.#read(statusCode, await body.text());
    } catch (error) {
      if (error instanceof SourceError) throw error;
      if (signal.aborted)
        throw new SourceError("timeout", `Metric source ${name} did not respond within ${seconds}s.`);
      throw connectionError(name, error);
    }
  }

  async close(): Promise<void> {
    await this.#agent?.agent.destroy();
    this.#agent = undefined;
  }

  #read(status: number, text: string): QueryResult {
    const { name } = this.#config;
    if (status === 401 || status === 403)
      throw new SourceError(
        "unauthorized",
        `Metric source ${name} rejected the credentials of RolloutGuard (${status}).`,
      );
    if (status !== 200) {
      const rejectsQuery = status === 400 || status === 422;
      const isBadQuery = status === 400 && saysBadQuery(text);
      throw new SourceError("status", `Metric source ${name} responded with status ${status}.`, {
        rejectsQuery,
        isBadQuery,
      });
    }
    const read = readResult(text);
    if (read.kind === "result") return read.result;
    if (read.kind === "partial")
      throw new SourceError("partial", `Metric source ${name} returned a partial result.`);
    throw new SourceError("status", `The response of metric source ${name} is not a query result.`);
  }

  #headers(namespace: string): Record<string, string> {
    const { headers, bearerTokenFile, basicAuth } = this.#config;
    const own = Object.entries(headers).map(([header, value]) => [
      header,
      value.replaceAll("$namespace", namespace),
    ]);
    const token = bearerTokenFile && this.#secret(bearerTokenFile, "bearerTokenFile");
    if (token && !PRINTABLE.test(token)) throw this.#unusable("bearerTokenFile");
    const login = basicAuth && [
      this.#secret(basicAuth.usernameFile, "usernameFile"),
      this.#secret(basicAuth.passwordFile, "passwordFile"),
    ];
    return {
      ...Object.fromEntries(own),
      "content-type": "application/x-www-form-urlencoded",
      ...(token && { authorization: `Bearer ${token}` }),
      ...(login && { authorization: `Basic ${Buffer.from(login.join(":")).toString("base64")}` }),
    };
  }

  #secret(path: string, field: string): string {
    try {
      return this.#files.textOf(path).trim();
    } catch {
      throw this.#unusable(field);
    }
  }

  #unusable(field: string): SourceError {
    return new SourceError(
      "unauthorized",
      `The ${field} of metric source ${this.#config.name} cannot be used.`,
    );
  }

  /** Another one when the trusted certificates have changed. */
  #dispatcher(): Agent {
    const { name, caFile, limits } = this.#config;
    let ca: string | undefined;
    try {
      ca = caFile && this.#files.textOf(caFile);
    } catch {
      throw new SourceError("tls", `The caFile of metric source ${name} cannot be read.`);
    }
    if (this.#agent?.ca === ca && this.#agent) return this.#agent.agent;
    void this.#agent?.agent.close();
    const agent = new Agent({
      connections: limits.concurrent,
      allowH2: false,
      maxResponseSize: MOST_BYTES,
      maxHeaderSize: MOST_HEADER_BYTES,
      keepAliveTimeout: KEEP_IDLE_MS,
      keepAliveMaxTimeout: KEEP_IDLE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(ca !== undefined && { ca }) },
    });
    this.#agent = { agent, ca };
    return agent;
  }
}

function connectionError(name: string, error: unknown): SourceError {
  if (error instanceof errors.ResponseExceededMaxSizeError)
    return new SourceError("tooLarge", `Metric source ${name} returned more than 1 MiB.`);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why = /^[A-Z0-9_]{1,60}$/.test(code) ? ` (${code})` : "";
  if (
    /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME|EPROTO|CRL_|INVALID_CA)/.test(code)
  )
    return new SourceError("tls", `The TLS connection to metric source ${name} failed${why}.`);
  return new SourceError("unreachable", `Metric source ${name} cannot be reached${why}.`);
}
