// Faults on demand as data: which requests, what happens to them, how often or for how long.
import type { Verb } from "../api-request.ts";

/** Which requests: all that is given must be true of a request. Nothing given: every request. */
export interface RequestMatcher {
  /** "write" stands for every verb that changes something, "read" for get and list (not watch). */
  readonly verb?: OneOrMore<Verb | "read" | "write">;
  /** The plural name, as "pods"; "" for paths that are no resource, such as /version. */
  readonly resource?: OneOrMore<string>;
  /** "" for the object itself. */
  readonly subresource?: OneOrMore<string>;
  readonly namespace?: OneOrMore<string>;
  readonly name?: OneOrMore<string>;
  /** How the client's User-Agent begins, as "rolloutguard/". */
  readonly userAgent?: string;
  /** The client's port: one connection. */
  readonly remotePort?: number;
}

export type OneOrMore<T> = T | readonly T[];

/** What happens to a request instead of, before, or after the usual. */
export type RequestEffect =
  /** Answers at once; nothing is carried out. */
  | { readonly answer: FaultAnswer }
  /** Waits (ms of the cluster), then goes on as usual. */
  | { readonly delayMs: number }
  /** Carries the request out and sends the answer in pieces that arrive over this time (ms of the cluster). */
  | { readonly slowMs: number }
  /**
   * Breaks the connection (with HTTP/2 everything that runs on it): before anything is done, or after the write, so
   * that only its answer is lost.
   */
  | { readonly cut: "before" | "after" }
  /** The connection stays open and no answer ever comes: nothing was done, or all was. */
  | { readonly hang: "before" | "after" }
  /**
   * Carries the request out and spoils the answer: "json" sends a body that is no JSON, of the length it announces;
   * "half" announces the right length, sends half of it and closes the connection.
   */
  | { readonly spoil: "json" | "half" }
  /** Answers a list that has a `continue` token with 410. Other requests are left alone. */
  | { readonly expireContinue: true }
  /**
   * Answers from the state at the fault's beginning, as an API server does whose watch cache is behind. Only gets,
   * lists and watches with resourceVersion=0 allow that; others are left alone.
   */
  | { readonly stale: true };

/**
 * What happens to a watch: to those that are open when the fault begins, and to those that begin while it lasts.
 * With `forMs: 0` only to the former.
 *
 * - cut: the connection breaks; with HTTP/2 everything that runs on it.
 * - reset: only this answer breaks (HTTP/2: RST_STREAM; HTTP/1.1: as cut).
 * - end: the answer ends properly, as at the end of timeoutSeconds.
 * - freeze: says nothing while the fault lasts; then all that was held back comes, in order.
 * - die: stays open and says nothing for good; only a new watch helps.
 * - halfLine: the next event comes by half, then the connection breaks.
 * - brokenLine: the next event comes as a line that is not JSON; the watch goes on.
 * - expire: ERROR event with code 410 and reason Expired, then the end.
 */
export type WatchEffect =
  | { readonly watch: "cut" | "reset" | "end" | "freeze" | "die" | "halfLine" | "brokenLine" | "expire" }
  /** Every event comes so much later (ms of the cluster), in order; at the fault's end what is left comes at once. */
  | { readonly watchDelayMs: number };

export type FaultEffect = RequestEffect | WatchEffect;

export interface FaultAnswer {
  readonly code: number;
  /** A string is sent as it is, anything else as JSON. Default: the Status that a real server sends with this code. */
  readonly body?: unknown;
  /** In place of the message of the default body. */
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Adds the header Retry-After and details.retryAfterSeconds to the default body. */
  readonly retryAfterSeconds?: number;
}

/**
 * A fault. It ends when it has hit `times` requests or watches, when `forMs` (of the cluster) are over, or when it
 * is ended by hand: whichever comes first.
 */
export interface Fault {
  readonly on?: RequestMatcher;
  readonly does: FaultEffect;
  readonly times?: number;
  readonly forMs?: number;
  /** The chance that a request that matches is hit, from the cluster's seed. Default 1. */
  readonly probability?: number;
}
