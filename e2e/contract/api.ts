// Plain requests and watches to any API server, over the operator's own connection: what comes back is kept as it is.
import type { KubeConfig } from "@kubernetes/client-node";
import type { KubeObject } from "../../hack/simulated-cluster/api-server/kube-object.ts";
import { createConnection } from "../../src/kube/connection/connection.ts";
import { readLines } from "../../src/kube/connection/watch-lines.ts";

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
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
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

const REQUEST_TIMEOUT_MS = 60_000;
/** Real time; no case waits longer. */
const LONGEST_WATCH_MS = 600_000;

/** Talks to the cluster that the configuration names. */
export function connectApi(kubeConfig: KubeConfig, timeScale = 1): Api {
  const connection = createConnection(() => kubeConfig);

  async function send(
    kind: "request" | "watch",
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    {
      body,
      contentType,
      accept,
      signal,
    }: { body?: unknown; contentType?: string; accept?: string; signal: AbortSignal },
  ) {
    const url = new URL(connection.baseUrl + path);
    const credentials = await connection.authorize();
    const timeoutMs = kind === "watch" ? LONGEST_WATCH_MS : REQUEST_TIMEOUT_MS;
    return connection.dispatcher(kind).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: {
        ...credentials,
        accept: accept ?? "application/json",
        "user-agent": "rolloutguard-contract",
        ...(body !== undefined && { "content-type": contentType ?? "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  return {
    timeScale,
    async request<T>(
      method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
      path: string,
      body?: unknown,
      contentType = "application/json",
      accept = "application/json",
    ) {
      const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      const answer = await send("request", method, path, { body, contentType, accept, signal });
      const text = await answer.body.text();
      const warnings = warningsIn(answer.headers["warning"]);
      return { code: answer.statusCode, body: bodyOf(text) as T, warnings };
    },
    async watch<T>(path: string) {
      const abort = new AbortController();
      const answer = await send("watch", "GET", path, { signal: abort.signal });
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
    close: () => connection.close(),
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
