// Requests and watches as an administrator of any cluster sends them, over the operator's own kind of connection.
import type { KubeConfig } from "@kubernetes/client-node";
import type { KubeObject } from "../../hack/simulated-cluster/api-server/kube-object.ts";
import { createConnection } from "../../src/kube/connection/connection.ts";
import { readLines } from "../../src/kube/connection/watch-lines.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: KubeObject;
}

/** An answer that is no success. `code` is its HTTP status. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly code: number;

  constructor(what: string, code: number, body: string) {
    super(`${what}: ${code} ${messageIn(body)}`);
    this.code = code;
  }
}

export interface ClusterClient {
  /** The body of the answer. Rejects with RefusedError when the server says no. A PATCH is a JSON Patch. */
  send<T = KubeObject>(method: Method, path: string, body?: unknown): Promise<T>;
  /** Calls back for every event until the server ends the stream. `path` has `watch=true` in its query. */
  watch(path: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 60_000;
/** Bookmarks come every minute. */
const WATCH_SILENCE_MS = 300_000;

/** Opens no socket yet. */
export function connectCluster(kubeConfig: KubeConfig): ClusterClient {
  const connection = createConnection(() => kubeConfig);

  async function ask(
    kind: "request" | "watch",
    method: Method,
    path: string,
    body: unknown,
    signal: AbortSignal,
  ) {
    const { origin, pathname, search } = new URL(connection.baseUrl + path);
    const silenceMs = kind === "watch" ? WATCH_SILENCE_MS : REQUEST_TIMEOUT_MS;
    const headers = {
      ...(await connection.authorize()),
      accept: "application/json",
      "user-agent": "rolloutguard-scenarios",
      "content-type": method === "PATCH" ? "application/json-patch+json" : "application/json",
    };
    const answer = await connection.dispatcher(kind).request({
      origin,
      path: pathname + search,
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
    });
    if (answer.statusCode < 300) return answer;
    throw new RefusedError(`${method} ${pathname}`, answer.statusCode, await answer.body.text());
  }

  return {
    async send<T>(method: Method, path: string, body?: unknown) {
      const answer = await ask("request", method, path, body, AbortSignal.timeout(REQUEST_TIMEOUT_MS));
      return (await answer.body.json()) as T;
    },
    async watch(path, onEvent, signal) {
      const { body } = await ask("watch", "GET", path, undefined, signal);
      await readLines(body, (line) => onEvent(JSON.parse(line) as WatchEvent));
    },
    close: () => connection.close(),
  };
}

function messageIn(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message);
  } catch {
    return body.slice(0, 200);
  }
}
