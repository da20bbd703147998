// Requests and watches to the API server of any cluster, over the operator's own kind of connection; what comes back is kept as it is.
import type { KubeConfig } from "@kubernetes/client-node";
import type { Dispatcher } from "undici";
import { createConnection } from "../../src/kube/connection/connection.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Exchange {
  /** Resolves with whatever the server answers. Rejects when it does not answer. */
  ask(question: Question): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export interface Question {
  /** A watch has a connection of its own, and may be silent for long. */
  readonly kind: "request" | "watch";
  readonly method: Method;
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Of the body. Default: JSON. */
  readonly contentType?: string | undefined;
  /** Of the answer. Default: JSON. */
  readonly accept?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const JSON_TYPE = "application/json";
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than any test waits for a line. */
const WATCH_SILENCE_MS = 600_000;

/** Opens no socket yet. */
export function openExchange(kubeConfig: KubeConfig, userAgent: string): Exchange {
  const connection = createConnection(() => kubeConfig);
  return {
    async ask({ kind, method, path, body, contentType = JSON_TYPE, accept = JSON_TYPE, signal }) {
      const { origin, pathname, search } = new URL(connection.baseUrl + path);
      const timeoutMs = kind === "watch" ? WATCH_SILENCE_MS : REQUEST_TIMEOUT_MS;
      // First: new credentials bring new sockets with them.
      const credentials = await connection.authorize();
      return connection.dispatcher(kind).request({
        origin,
        path: pathname + search,
        method,
        headers: {
          ...credentials,
          accept,
          "user-agent": userAgent,
          ...(body !== undefined && { "content-type": contentType }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ?? AbortSignal.timeout(timeoutMs),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
    },
    close: () => connection.close(),
  };
}
