// Plain requests and watches for the cases of the contract.
import type { KubeConfig } from "@kubernetes/client-node";
import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { readLines } from "../../src/kube/connection/watch-lines.ts";
import { type Method, openExchange } from "../clusters/exchange.ts";

/** What the server said. `T` is what the caller expects of the body; nothing checks it. */
export interface Answer<T = KubeObject> {
  readonly code: number;
  readonly body: T;
  /** The texts of its Warning headers. */
  readonly warnings: readonly string[];
}

/** An answer that is no object of the API but tells how it went. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: object;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: object;
  readonly code?: number;
}

export interface WatchLine<T = KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

export interface OpenWatch<T = KubeObject> {
  readonly code: number;
  /** Grows while the watch is open. */
  readonly lines: readonly WatchLine<T>[];
  /** Whether the server has ended it. */
  readonly hasEnded: () => boolean;
  close(): void;
}

export interface Api {
  request<T = KubeObject>(
    method: Method,
    path: string,
    body?: unknown,
    contentType?: string,
    accept?: string,
  ): Promise<Answer<T>>;
  /** `path` has `watch=true` in its query. */
  watch<T = KubeObject>(path: string): Promise<OpenWatch<T>>;
  /** Lets so much of the cluster's time pass. */
  pass(ms: number): Promise<void>;
  /** How many times faster than real time the cluster runs: 1 for a real one. */
  readonly timeScale: number;
  close(): Promise<void>;
}

/** Talks to the cluster that the configuration names. */
export function connectApi(kubeConfig: KubeConfig, timeScale = 1): Api {
  const exchange = openExchange(kubeConfig, "rolloutguard-contract");

  return {
    timeScale,
    async request<T>(method: Method, path: string, body?: unknown, contentType?: string, accept?: string) {
      const answer = await exchange.ask({ kind: "request", method, path, body, contentType, accept });
      const text = await answer.body.text();
      const warnings = warningsIn(answer.headers["warning"]);
      return { code: answer.statusCode, body: bodyOf(text) as T, warnings };
    },
    async watch<T>(path: string) {
      const abort = new AbortController();
      const answer = await exchange.ask({ kind: "watch", method: "GET", path, signal: abort.signal });
      const lines: WatchLine<T>[] = [];
      let hasEnded = false;
      readLines(answer.body, (line) => lines.push(bodyOf(line) as WatchLine<T>))
        .catch(() => undefined)
        .finally(() => {
          hasEnded = true;
        });
      return { code: answer.statusCode, lines, hasEnded: () => hasEnded, close: () => abort.abort() };
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms / timeScale)),
    close: () => exchange.close(),
  };
}

/** What is no JSON, as the answer to an unknown path, becomes a `text`. Who owns which field is left out. */
function bodyOf(text: string): unknown {
  if (!/^\s*\{/.test(text)) return { text };
  return JSON.parse(text, (key, value: unknown) => (key === "managedFields" ? undefined : value));
}

/** `299 - "text"`, of which a header may hold several. */
function warningsIn(header: string | readonly string[] | undefined): readonly string[] {
  const all = header === undefined ? [] : typeof header === "string" ? [header] : header;
  return all.flatMap((one) =>
    [...one.matchAll(/299 \S+ ("(?:[^"\\]|\\.)*")/g)].map(
      ([, quoted = '""']) => JSON.parse(quoted) as string,
    ),
  );
}
