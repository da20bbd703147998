// What was asked of the server, for tests that count requests.
import type { ApiRequest, Verb } from "../../api-request.ts";

export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  /** The plural name; empty for paths that are no resource. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly verb: Verb;
  /** The answer's code; 0 when none was sent. */
  readonly status: number;
  readonly userAgent: string;
  /** The client's port. */
  readonly remotePort: number;
  /** Of a JSON Patch the paths that it changes, as "/spec/paused"; empty for all else. */
  readonly patched: readonly string[];
  /** Epoch ms of the cluster, when the request came. */
  readonly at: number;
}

/** Old records are dropped beyond this, so that long runs do not grow. */
const LIMIT = 100_000;

export class RequestLog {
  #records: RequestRecord[] = [];

  /** Writes down a request and the code of its answer; `at` is when it came. */
  addAnswered(request: ApiRequest, status: number, at: number): void {
    const { method, path, verb, userAgent, remotePort, target } = request;
    const { resource = "", namespace = "", name = "", subresource = "" } = target ?? {};
    const where = { resource, namespace, name, subresource };
    const patched = pathsPatched(request);
    this.#add({ method, path, ...where, verb, status, userAgent, remotePort, patched, at });
  }

  /** The requests that came so far and are answered (of watches: begun), oldest first. */
  all(): readonly RequestRecord[] {
    return this.#records;
  }

  /** How many requests other than watches meet the condition. */
  count(condition: (record: RequestRecord) => boolean = () => true): number {
    return this.#records.filter((record) => record.verb !== "watch" && condition(record)).length;
  }

  clear(): void {
    this.#records = [];
  }

  #add(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > 1.5 * LIMIT) this.#records = this.#records.slice(-LIMIT);
  }
}

function pathsPatched({ contentType, body }: ApiRequest): readonly string[] {
  if (!contentType.startsWith("application/json-patch+json")) return [];
  try {
    const operations = JSON.parse(body) as readonly { readonly op: string; readonly path: string }[];
    return operations.filter(({ op }) => op !== "test").map(({ path }) => path);
  } catch {
    return []; // It is refused for that.
  }
}
