// What the scenarios ask of a cluster: an answer that is no success is an error.
import type { KubeConfig } from "@kubernetes/client-node";
import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { readLines } from "../../src/kube/connection/watch-lines.ts";
import { type Method, openExchange, type Question } from "./exchange.ts";

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

/** Opens no socket yet. */
export function connectCluster(kubeConfig: KubeConfig): ClusterClient {
  const exchange = openExchange(kubeConfig, "rolloutguard-scenarios");

  async function ask(question: Question) {
    const answer = await exchange.ask(question);
    if (answer.statusCode < 300) return answer;
    const [path = ""] = question.path.split("?");
    throw new RefusedError(`${question.method} ${path}`, answer.statusCode, await answer.body.text());
  }

  return {
    async send<T>(method: Method, path: string, body?: unknown) {
      const contentType = method === "PATCH" ? "application/json-patch+json" : undefined;
      const answer = await ask({ kind: "request", method, path, body, contentType });
      return (await answer.body.json()) as T;
    },
    async watch(path, onEvent, signal) {
      const { body } = await ask({ kind: "watch", method: "GET", path, signal });
      await readLines(body, (line) => onEvent(JSON.parse(line) as WatchEvent));
    },
    close: () => exchange.close(),
  };
}

function messageIn(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message);
  } catch {
    return body.slice(0, 200);
  }
}
