// One request and the head of its answer: credentials, deadlines, errors, the cluster's time, and who counts.
import type { Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import { ApiError, ConflictError, ConnectionError } from "./api-error.ts";
import { beforeDispatch } from "./before-dispatch.ts";
import type { Connection } from "./connection.ts";

/** A clock that can be taught by the Date header of answers (ClusterClock). */
export interface LearningClock extends Clock {
  learn(dateHeaderMs: number, sentAt: number): void;
}

/** One request as it was answered, for whoever counts. */
export interface ResponseReport {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The HTTP status; "none" when no answer came. */
  readonly code: number | "none";
  /** From sending to the head of the answer. */
  readonly durationMs: number;
}

export interface ExchangeOptions {
  readonly connection: Connection;
  readonly clock: LearningClock;
  readonly userAgent: string;
  readonly onResponse?: ((report: ResponseReport) => void) | undefined;
}

export interface OutgoingRequest {
  readonly kind: "request" | "watch";
  readonly method: ResponseReport["method"];
  /** Path below the base URL, with its query. */
  readonly path: string;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  /** Ends the request, also after the head of the answer. */
  readonly signal: AbortSignal;
  /** Asked at the last moment before it goes out, each time that it does: when it throws, nothing is sent. */
  readonly beforeSending?: (() => void) | undefined;
  /** How long the server may let wait for the head, and then between two pieces of the body (real time). */
  readonly headersTimeoutMs: number;
  readonly silenceMs: number;
}

export type Exchange = (request: OutgoingRequest) => Promise<Dispatcher.ResponseData>;

/**
 * Sends requests. Resolves with an answer of status 2xx, whose body must be read or destroyed. Rejects with
 * ApiError for any other status, with ConnectionError when no answer came. A 401 is met once with fresh
 * credentials: it says that nothing was done, so that is safe for writes too.
 */
export function createExchange(options: ExchangeOptions): Exchange {
  const { connection, clock, onResponse } = options;

  async function sendOnce(request: OutgoingRequest): Promise<Dispatcher.ResponseData> {
    const { kind, method, path, body, contentType, signal, beforeSending, headersTimeoutMs, silenceMs } =
      request;
    const url = new URL(connection.baseUrl + path);
    const credentials = await orAborted(connection.authorize(), signal);
    signal.throwIfAborted();
    const sentAt = clock.now();
    let code: number | "none" = "none";
    try {
      const answering = beforeDispatch(connection.dispatcher(kind), beforeSending).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: {
          ...credentials,
          accept: "application/json",
          "user-agent": options.userAgent,
          ...(contentType === undefined ? {} : { "content-type": contentType }),
        },
        body: body ?? null,
        signal,
        headersTimeout: headersTimeoutMs,
        bodyTimeout: silenceMs,
      });
      const answer = await orAborted(answering, signal, (late) => late.body.on("error", () => {}).destroy());
      code = answer.statusCode;
      clock.learn(Date.parse(firstOf(answer.headers.date)), sentAt);
      return answer;
    } finally {
      onResponse?.({ method, code, durationMs: clock.now() - sentAt });
    }
  }

  return async (request) => {
    const what = nameOf(request);
    try {
      let answer = await sendOnce(request);
      if (answer.statusCode === 401) {
        await answer.body.dump();
        connection.refresh();
        answer = await sendOnce(request);
      }
      if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
      throw await refusal(what, answer, clock.now());
    } catch (error) {
      throw asConnectionError(what, error, request.signal);
    }
  };
}

/**
 * What the promise gives, unless the signal aborts first: then its reason. What comes after that goes to `discard`.
 * undici 8 hears of an abort only once it sends: a request that waits for a connection, or for the test whether one is
 * still alive, would wait beyond its deadline, and for ever in a pool that is stuck. It is never sent after the abort.
 */
async function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  discard: (late: T) => void = () => {},
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(signal.reason);
    promise.then(discard, () => {});
  };
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** "GET /api/v1/pods": a request in messages, without its query. */
export function nameOf(request: { readonly method: string; readonly path: string }): string {
  return `${request.method} ${request.path.split("?")[0]}`;
}

/** What a failed request or a broken answer is thrown as; an abort by the caller stays what it is. */
export function asConnectionError(what: string, error: unknown, signal: AbortSignal): unknown {
  if (error instanceof ApiError || error instanceof ConnectionError) return error;
  if (error instanceof ConflictError) return error;
  if (!signal.aborted) return new ConnectionError(what, error);
  const isDeadline = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  return isDeadline ? new ConnectionError(what, "no complete response before the deadline") : signal.reason;
}

async function refusal(what: string, answer: Dispatcher.ResponseData, now: number): Promise<ApiError> {
  const text = await answer.body.text();
  return new ApiError(
    what,
    answer.statusCode,
    parsed(text),
    retryAfterMs(firstOf(answer.headers["retry-after"]), now),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy answers with text or HTML; the message then quotes its beginning.
    return text;
  }
}

/** Retry-After is a number of seconds or a date (RFC 9110). */
function retryAfterMs(header: string, now: number): number | undefined {
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function firstOf(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? "";
}
