// The API server as verbs on raw JSON. Reads are retried a little; a write never is: its answer may just be lost.
import { errors } from "undici";
import { sleep } from "../clock.ts";
import type { JsonPatchOperation } from "../json-patch.ts";
import { isObject, type RawObject } from "../objects.ts";
import { ApiError, ConnectionError } from "./api-error.ts";
import type { WatchPlace } from "./connection.ts";
import {
  asConnectionError,
  createExchange,
  type ExchangeOptions,
  nameOf,
  type ResponseReport,
} from "./exchange.ts";
import { OversizedLineError, readLines } from "./watch-lines.ts";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Paths begin with a slash (see `resourcePath`). Every method rejects with ApiError or ConnectionError. */
export interface ApiClient {
  /** Tried up to three times when the server is busy or cannot be reached. `attempts: 1` leaves that to the caller. */
  get(path: string, query?: Query, options?: ReadOptions): Promise<RawObject>;
  /**
   * The answer as it is, bytes that are no UTF-8 replaced; of a longer one than `mostBytes` the beginning. Asked once: what
   * is not JSON is nothing that a decision waits for.
   */
  getText(path: string, query: Query, options: TextOptions): Promise<string>;
  create(path: string, body: RawObject, options?: WriteOptions): Promise<RawObject>;
  /** Writes the whole object; one with another resourceVersion than the body's is left as it is (409). */
  replace(path: string, body: RawObject, options?: WriteOptions): Promise<RawObject>;
  jsonPatch(
    path: string,
    operations: readonly JsonPatchOperation[],
    options?: WriteOptions,
  ): Promise<RawObject>;
  /** `uid` makes the server refuse (409) to delete another object of the same name. */
  remove(path: string, options?: WriteOptions & { readonly uid?: string | undefined }): Promise<void>;
  /** Reads events until the stream ends; tells how it ended. */
  watch(path: string, query: Query, options: WatchOptions): Promise<WatchEnd>;
  /** A claim on one of the watch streams that the connection can carry. */
  reserveWatch(): WatchPlace;
}

export interface ReadOptions {
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TextOptions {
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

export interface WriteOptions {
  /** Ends the request, whatever became of it. With a TimeoutError as reason it rejects with ConnectionError. */
  readonly signal?: AbortSignal | undefined;
  /** Asked at the last moment before the request goes out; what it throws, the method rejects with, and nothing is sent. */
  readonly beforeSending?: (() => void) | undefined;
}

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** A stream that says nothing for so long is taken for dead (real time). */
  readonly silenceMs: number;
  /** A stream that is older is ended (real time). */
  readonly longestMs: number;
  /** The server has accepted the watch. */
  readonly onOpen: () => void;
  /** One event as JSON text. An error ends the watch and is what it rejects with. */
  readonly onLine: (line: string) => void;
}

/** closed: by the server; silent: it said nothing for too long; overdue: it should have closed long ago. */
export type WatchEnd = "closed" | "silent" | "overdue";

export interface ApiClientOptions extends ExchangeOptions {
  /** How long a request may take in all (real time: a network is no faster because a simulated cluster is). */
  readonly requestTimeoutMs?: number | undefined;
  /** In [0, 1). */
  readonly chance?: (() => number) | undefined;
}

const REQUEST_TIMEOUT_MS = 30_000;
const ATTEMPTS = 3;
const FIRST_RETRY_MS = 250;
/** A server that wants to be left alone for longer gets the error passed on, so that nobody hangs in a read. */
const LONGEST_RETRY_AFTER_MS = 10_000;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { connection, clock, chance = Math.random, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const exchange = createExchange(options);

  async function request(
    method: ResponseReport["method"],
    path: string,
    content: WriteOptions & { readonly body?: unknown; readonly contentType?: string } = {},
  ): Promise<RawObject> {
    const deadline = AbortSignal.timeout(requestTimeoutMs);
    const signal = content.signal ? AbortSignal.any([deadline, content.signal]) : deadline;
    // Before the deadline of the whole: a stream timeout makes undici test whether its connection is still alive.
    const silenceMs = Math.ceil(requestTimeoutMs * 0.7);
    const answer = await exchange({
      kind: "request",
      method,
      path,
      body: content.body === undefined ? undefined : JSON.stringify(content.body),
      contentType: content.contentType,
      signal,
      beforeSending: content.beforeSending,
      headersTimeoutMs: silenceMs,
      silenceMs,
    });
    try {
      const object: unknown = JSON.parse(await answer.body.text());
      if (isObject(object)) return object;
      throw new TypeError("the response is not a JSON object");
    } catch (error) {
      throw asConnectionError(nameOf({ method, path }), error, signal);
    }
  }

  async function get(path: string, query: Query = {}, { attempts = ATTEMPTS, signal }: ReadOptions = {}) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await request("GET", path + queryText(query), { signal });
      } catch (error) {
        const delayMs = readRetryDelayMs(error, attempt, chance());
        if (attempt >= attempts || delayMs === undefined) throw error;
        await sleep(clock, delayMs, signal);
        signal?.throwIfAborted();
      }
    }
  }

  async function getText(path: string, query: Query, { mostBytes, signal }: TextOptions): Promise<string> {
    const target = { method: "GET", path: path + queryText(query) } as const;
    const timing = { headersTimeoutMs: requestTimeoutMs, silenceMs: requestTimeoutMs };
    const answer = await exchange({ kind: "request", ...target, ...timing, signal });
    try {
      return await readText(answer.body, mostBytes);
    } catch (error) {
      throw asConnectionError(nameOf(target), error, signal);
    }
  }

  async function watch(path: string, query: Query, watching: WatchOptions): Promise<WatchEnd> {
    const overdue = AbortSignal.timeout(watching.longestMs);
    const signal = AbortSignal.any([watching.signal, overdue]);
    const target = { method: "GET", path: path + queryText({ ...query, watch: true }) } as const;
    const timing = { headersTimeoutMs: requestTimeoutMs, silenceMs: watching.silenceMs };
    const answer = await exchange({ kind: "watch", ...target, ...timing, signal });
    let failure: { readonly error: unknown } | undefined;
    try {
      watching.onOpen();
      await readLines(answer.body, (line) => {
        try {
          watching.onLine(line);
        } catch (error) {
          failure = { error };
          throw error;
        }
      });
      return "closed";
    } catch (error) {
      if (failure) throw failure.error;
      if (error instanceof OversizedLineError) throw error;
      if (overdue.aborted && !watching.signal.aborted) return "overdue";
      if (error instanceof errors.BodyTimeoutError) return "silent";
      throw asConnectionError(`watch ${path}`, error, signal);
    }
  }

  return {
    get,
    getText,
    create: (path, body, options) =>
      request("POST", path, { ...options, body, contentType: "application/json" }),
    replace: (path, body, options) =>
      request("PUT", path, { ...options, body, contentType: "application/json" }),
    jsonPatch: (path, operations, options) =>
      request("PATCH", path, { ...options, body: operations, contentType: "application/json-patch+json" }),
    remove: async (path, { uid, ...options } = {}) => {
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      const body = { apiVersion: "v1", kind: "DeleteOptions", ...preconditions };
      await request("DELETE", path, { ...options, body, contentType: "application/json" });
    },
    watch,
    reserveWatch: () => connection.reserveWatch(),
  };
}

async function readText(body: AsyncIterable<Buffer>, mostBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= mostBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(pieces).subarray(0, mostBytes));
}

/** How long to wait before a read is tried again; undefined when trying again would not help. */
function readRetryDelayMs(error: unknown, attempt: number, chance: number): number | undefined {
  const backOffMs = FIRST_RETRY_MS * 2 ** (attempt - 1) * (0.5 + chance / 2);
  if (error instanceof ConnectionError) return backOffMs;
  if (!(error instanceof ApiError)) return undefined;
  if (error.status !== 429 && error.status < 500) return undefined;
  if (error.retryAfterMs === undefined) return backOffMs;
  return error.retryAfterMs <= LONGEST_RETRY_AFTER_MS ? error.retryAfterMs + backOffMs : undefined;
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
