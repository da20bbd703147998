// One resource, listed and watched again and again until told to stop. What goes wrong decides only how it goes on.

import { sleep } from "../clock.ts";
import type { WatchEnd } from "../connection/api-client.ts";
import { ApiError } from "../connection/api-error.ts";
import type { WatchPlace } from "../connection/connection.ts";
import { isOlder } from "../resource-version.ts";
import { RESOURCES, resourcePath } from "../resources.ts";
import { type Feed, leaveOut, listInto, put, selectorOf } from "./feed.ts";
import { type LineHead, lineHead } from "./line-head.ts";
import { adviceOn, type RestartReason, retryPlanFor } from "./reflector-failure.ts";
import { expectLater, expectNotRestored, ServerRestoredError } from "./server-restored.ts";
import { MalformedLineError, parseChangedObject, parseWatchEvent } from "./watch-event.ts";

export interface ListWatchOptions extends Feed {
  /** A list or watch is begun again. `closed`, `silent` and `expired` are ordinary. */
  readonly onRestart?: ((reason: RestartReason) => void) | undefined;
  /** Something is wrong. Called for each failure: the receiver drops repetitions. */
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined;
  readonly timing?: Partial<WatchTiming> | undefined;
  /** In [0, 1). */
  readonly chance?: (() => number) | undefined;
}

/** Real time, as the network's patience is no shorter because a simulated cluster's time runs faster. */
export interface WatchTiming {
  /** A watch that says nothing for so long, and up to a fifth more, is begun again. Bookmarks are not promised. */
  readonly silenceMs: number;
  /** A watch is asked to end after so long, and up to twice that, so that they do not all end together. */
  readonly watchSeconds: number;
  /** A watch that the server does not end by itself is ended so much later. */
  readonly overdueMs: number;
}

/** Told by the loop what it has come to. */
export interface WatchListener {
  /** The server has said something. */
  onData(): void;
  /** A full list is in the sink. */
  onListed(): void;
  /** The server has accepted a watch. */
  onOpened(): void;
  /** The watch has ended, however. */
  onClosed(): void;
  /** The server has gone back to an earlier state: what was read is not what is there, until the next list. */
  onServerRestored(): void;
}

const TIMING: WatchTiming = { silenceMs: 75_000, watchSeconds: 240, overdueMs: 30_000 };
/** A watch that has lived so long (of the clock) was a good one: failures before it do not count any more. */
const HEALTHY_AFTER_MS = 2_000;
/** How often the list is read where no connection is left for a watch (of the clock; see Connection). */
export const POLL_MS = 15_000;

/** Where a watch continues, and how the last one fared. */
interface Progress {
  /** Undefined: a list is needed. */
  resourceVersion: string | undefined;
  /** Up to where everything was read, also while a list is needed. */
  newest: string | undefined;
  /** The last watch ended before its time: by now the server may have gone back. */
  isDoubtful: boolean;
  /** In a row; 410s apart: with them the server answers, and it is a list that is wanted, at once. */
  failures: number;
  expirations: number;
  /** Watches since the last list that were accepted and broke before they had lived. */
  brokenWatches: number;
  openedAt: number | undefined;
  /** How long the last watch was asked to last. */
  askedMs: number;
}

/** Resolves when the signal has aborted and nothing runs any more; never rejects. */
export async function keepListingAndWatching(
  options: ListWatchOptions,
  watchListener: WatchListener,
  place: WatchPlace,
  signal: AbortSignal,
): Promise<void> {
  const progress: Progress = {
    resourceVersion: undefined,
    newest: undefined,
    isDoubtful: false,
    failures: 0,
    expirations: 0,
    brokenWatches: 0,
    openedAt: undefined,
    askedMs: 0,
  };
  while (!signal.aborted) {
    const delayMs = await step(options, watchListener, place, progress, signal);
    if (delayMs > 0) await sleep(options.clock, delayMs, signal);
  }
}

/** One list or one watch. Returns how long to wait before the next; never throws. */
async function step(
  options: ListWatchOptions,
  watchListener: WatchListener,
  place: WatchPlace,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  progress.openedAt = undefined;
  let failure: unknown;
  try {
    if (progress.resourceVersion === undefined) {
      const listed = await listInto(options, signal);
      if (progress.newest !== undefined && isOlder(listed, progress.newest)) watchListener.onServerRestored();
      reached(progress, listed);
      progress.isDoubtful = false;
      progress.brokenWatches = 0;
      watchListener.onData();
      watchListener.onListed();
      return 0;
    }
    if (!place.canWatch()) {
      progress.resourceVersion = undefined;
      progress.failures = 0;
      return POLL_MS;
    }
    if (progress.isDoubtful) {
      await expectNotRestored(options, progress.resourceVersion, signal);
      progress.isDoubtful = false;
    }
    if ((await watch(options, watchListener, progress, signal)) === "silent") {
      options.onRestart?.("silent");
      progress.isDoubtful = true;
      return 0;
    }
  } catch (error) {
    failure = error;
    if (error instanceof ServerRestoredError && !signal.aborted) {
      progress.newest = undefined;
      watchListener.onServerRestored();
    }
  } finally {
    watchListener.onClosed();
  }
  return signal.aborted ? 0 : afterEnd(options, progress, failure);
}

/** A watch was closed (no failure), or something failed. Returns how long to wait before the next try. */
function afterEnd(options: ListWatchOptions, progress: Progress, failure: unknown): number {
  const { clock, onRestart, onProblem, resource, namespace, chance = Math.random } = options;
  const hasLived = progress.openedAt !== undefined && clock.now() - progress.openedAt >= HEALTHY_AFTER_MS;
  if (hasLived) {
    progress.failures = 0;
    progress.expirations = 0;
    progress.brokenWatches = 0;
  } else if (progress.openedAt !== undefined) progress.brokenWatches += 1;
  progress.isDoubtful ||= progress.openedAt !== undefined && !hasLasted(progress, clock.now());
  if (failure === undefined && hasLived) {
    onRestart?.("closed");
    return 0;
  }
  // A server that closes each watch at once would be asked in a tight loop: that counts as a failure too.
  const isExpired = failure instanceof ApiError && failure.status === 410;
  const failures = isExpired ? ++progress.expirations : ++progress.failures;
  const plan = retryPlanFor(failure, failures, chance(), progress.brokenWatches);
  if (plan.mustList) progress.resourceVersion = undefined;
  onRestart?.(plan.reason);
  const isOrdinary = plan.reason === "closed" || plan.reason === "expired";
  if (!isOrdinary) onProblem?.(adviceOn(failure, resource, namespace), failure);
  return plan.delayMs;
}

function reached(progress: Progress, resourceVersion: string): void {
  progress.resourceVersion = resourceVersion;
  progress.newest = resourceVersion;
}

/** Whether the watch lived about as long as it was asked to: then nothing has happened to the server. */
function hasLasted({ openedAt = 0, askedMs }: Progress, now: number): boolean {
  return now - openedAt >= askedMs * 0.9;
}

function watch(
  options: ListWatchOptions,
  watchListener: WatchListener,
  progress: Progress,
  signal: AbortSignal,
): Promise<WatchEnd> {
  const { client, clock, resource, namespace, sink, chance = Math.random } = options;
  const { silenceMs, watchSeconds, overdueMs } = { ...TIMING, ...options.timing };
  const path = resourcePath(resource, namespace);
  const timeoutSeconds = Math.ceil(watchSeconds * (1 + chance()));
  progress.askedMs = timeoutSeconds * 1_000;
  const query = {
    resourceVersion: progress.resourceVersion,
    allowWatchBookmarks: true,
    timeoutSeconds,
    fieldSelector: selectorOf(options),
  };
  return client.watch(path, query, {
    signal,
    silenceMs: Math.ceil(silenceMs * (1 + chance() / 5)),
    longestMs: timeoutSeconds * 1_000 + overdueMs,
    onOpen: () => {
      progress.openedAt = clock.now();
      watchListener.onOpened();
      watchListener.onData();
    },
    onLine: (line) => {
      signal.throwIfAborted();
      const head = lineHead(line);
      const isWanted = head !== undefined && sink.keeps?.(head.namespace) !== false;
      if (head !== undefined && (!isWanted || mayStayUnread(options, head))) {
        watchListener.onData();
        expectLater(head.resourceVersion, progress.resourceVersion);
        if (isWanted) putUnread(options, head, line, `watch ${path}`);
        reached(progress, head.resourceVersion);
        return;
      }
      const event = parseWatchEvent(line, `watch ${path}`);
      watchListener.onData();
      expectLater(event.resourceVersion, progress.resourceVersion);
      if (event.is === "change") {
        put(options, event.object, () => sink.apply(event.type, event.object, clock.now()));
      }
      if (event.resourceVersion !== undefined) reached(progress, event.resourceVersion);
    },
  });
}

/** Whether the sink decides when the line is parsed; one about another kind than was asked for is not for it. */
function mayStayUnread({ sink, resource }: ListWatchOptions, { kind }: LineHead): boolean {
  return sink.applyUnread !== undefined && kind === RESOURCES[resource].kind;
}

/** Throws MalformedLineError when the sink has read the line at once; what else is wrong is the object's own. */
function putUnread(options: ListWatchOptions, head: LineHead, line: string, what: string): void {
  const { type, namespace, name } = head;
  const read = () => parseChangedObject(line, what);
  const change = { type, namespace, name, length: line.length, read };
  try {
    options.sink.applyUnread?.(change, options.clock.now());
  } catch (error) {
    if (error instanceof MalformedLineError) throw error;
    leaveOut(options, head, error);
  }
}
