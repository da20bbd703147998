// Keeps a sink equal to one resource of the API server: a full list, then a watch, again and again, until stopped.
import type { ApiClient } from "./api-client.ts";
import { type Clock, sleep } from "./clock.ts";
import type { WatchPlace } from "./connection.ts";
import { listPages } from "./list-pages.ts";
import type { RawObject } from "./objects.ts";
import type { ReflectorSink } from "./reflector-sink.ts";
import { adviceOn, type RestartReason, troubleOf } from "./reflector-trouble.ts";
import { RESOURCES, type ResourceName, resourcePath } from "./resources.ts";
import { parseWatchEvent } from "./watch-event.ts";

export interface ReflectorOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly resource: ResourceName;
  /** One namespace; without it the whole cluster. */
  readonly namespace?: string | undefined;
  readonly sink: ReflectorSink;
  /** A list or watch is begun again. `closed` and `silent` are ordinary. */
  readonly onRestart?: ((reason: RestartReason) => void) | undefined;
  /** Something is wrong. Called for each failure: the receiver drops repetitions. */
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined;
  readonly timing?: Partial<ReflectorTiming> | undefined;
  /** In [0, 1). */
  readonly chance?: (() => number) | undefined;
}

/** Real time, as the network's patience is no shorter because a simulated cluster's time runs faster. */
export interface ReflectorTiming {
  /** A watch that says nothing for so long, and up to a fifth more, is begun again. Bookmarks are not promised. */
  readonly silenceMs: number;
  /** A watch is asked to end after so long, and up to twice that, so that they do not all end together. */
  readonly watchSeconds: number;
  /** A watch that the server does not end by itself is ended so much later. */
  readonly overdueMs: number;
}

const TIMING: ReflectorTiming = { silenceMs: 75_000, watchSeconds: 240, overdueMs: 30_000 };
/** A watch that has lived so long (of the clock) was a good one: failures before it do not count any more. */
const HEALTHY_AFTER_MS = 5_000;
/** How often the list is read where no connection is left for a watch (of the clock; see Connection). */
const POLL_MS = 15_000;

/** Where a watch continues, and how the last one fared. */
interface Progress {
  /** Undefined: a list is needed. */
  resourceVersion: string | undefined;
  failures: number;
  openedAt: number | undefined;
}

/**
 * Survives whatever the API server does and never ends by itself. A list that breaks off half-way changes nothing
 * in the sink; after `stop` the sink is not called any more.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #path: string;
  readonly #timing: ReflectorTiming;
  readonly #chance: () => number;
  #running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  #lastEventAt: number | undefined;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#path = resourcePath(options.resource, options.namespace);
    this.#timing = { ...TIMING, ...options.timing };
    this.#chance = options.chance ?? Math.random;
  }

  /** Whether the sink has received a full list since the start. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** When the server was last heard: an event, a bookmark, a full list, or a watch that it accepted. */
  get lastEventAt(): number | undefined {
    return this.#lastEventAt;
  }

  /** Resolves once `hasSynced`; rejects with the signal's reason when that aborts first. */
  async whenSynced(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!signal) return this.#synced.promise;
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([this.#synced.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Begins, unless it runs already. The first to start are the first to get a watch where connections are few. */
  start(): void {
    if (this.#running) return;
    if (this.#hasSynced) this.#synced = Promise.withResolvers<void>();
    this.#hasSynced = false;
    const abort = new AbortController();
    const place = this.#options.client.reserveWatch();
    this.#running = { abort, done: this.#run(place, abort.signal) };
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.abort.abort();
    await running?.done;
  }

  async #run(place: WatchPlace, signal: AbortSignal): Promise<void> {
    const progress: Progress = { resourceVersion: undefined, failures: 0, openedAt: undefined };
    while (!signal.aborted) {
      const delayMs = await this.#step(progress, place, signal);
      if (delayMs > 0) await sleep(this.#options.clock, delayMs, signal);
    }
    place.release();
  }

  /** One list or one watch. Returns how long to wait before the next; never throws. */
  async #step(progress: Progress, place: WatchPlace, signal: AbortSignal): Promise<number> {
    progress.openedAt = undefined;
    let failure: unknown;
    try {
      if (progress.resourceVersion === undefined) {
        progress.resourceVersion = await this.#list(signal);
        return 0;
      }
      if (!place.mayWatch()) {
        progress.resourceVersion = undefined;
        progress.failures = 0;
        return POLL_MS;
      }
      if ((await this.#watch(progress, signal)) === "silent") {
        this.#options.onRestart?.("silent");
        return 0;
      }
    } catch (error) {
      failure = error;
    }
    return signal.aborted ? 0 : this.#afterEnd(progress, failure);
  }

  /** A watch was closed (no failure), or something failed. Returns how long to wait before the next try. */
  #afterEnd(progress: Progress, failure: unknown): number {
    const { clock, onRestart, onProblem, resource, namespace } = this.#options;
    const hasLived = progress.openedAt !== undefined && clock.now() - progress.openedAt >= HEALTHY_AFTER_MS;
    if (hasLived) progress.failures = 0;
    if (failure === undefined && hasLived) {
      onRestart?.("closed");
      return 0;
    }
    // A server that closes each watch at once would be asked in a tight loop: that counts as a failure too.
    progress.failures += 1;
    const trouble = troubleOf(failure, progress.failures, this.#chance());
    if (trouble.mustList) progress.resourceVersion = undefined;
    onRestart?.(trouble.reason);
    const isOrdinary = trouble.reason === "closed" || trouble.reason === "expired";
    if (!isOrdinary) onProblem?.(adviceOn(failure, resource, namespace), failure);
    return trouble.delayMs;
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { client, clock, resource, sink } = this.#options;
    const transaction = sink.beginReplace();
    const resourceVersion = await listPages(client, {
      path: this.#path,
      fieldSelector: RESOURCES[resource].fieldSelector,
      signal,
      onObject: (object) => this.#guarded(object, () => transaction.add(object, clock.now())),
    });
    signal.throwIfAborted();
    transaction.commit(clock.now());
    this.#lastEventAt = clock.now();
    this.#hasSynced = true;
    this.#synced.resolve();
    return resourceVersion;
  }

  #watch(progress: Progress, signal: AbortSignal) {
    const { client, clock, resource, sink } = this.#options;
    const { silenceMs, watchSeconds, overdueMs } = this.#timing;
    const timeoutSeconds = Math.ceil(watchSeconds * (1 + this.#chance()));
    const query = {
      resourceVersion: progress.resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds,
      fieldSelector: RESOURCES[resource].fieldSelector,
    };
    return client.watch(this.#path, query, {
      signal,
      silenceMs: Math.ceil(silenceMs * (1 + this.#chance() / 5)),
      longestMs: timeoutSeconds * 1_000 + overdueMs,
      onOpen: () => {
        this.#lastEventAt = progress.openedAt = clock.now();
      },
      onLine: (line) => {
        signal.throwIfAborted();
        const event = parseWatchEvent(line, `watch ${this.#path}`);
        this.#lastEventAt = clock.now();
        if (event.is === "change") {
          this.#guarded(event.object, () => sink.apply(event.type, event.object, clock.now()));
        }
        progress.resourceVersion = event.resourceVersion ?? progress.resourceVersion;
      },
    });
  }

  /** One object that the sink cannot take must not keep the others from it. */
  #guarded(object: RawObject, put: () => void): void {
    try {
      put();
    } catch (error) {
      const { onProblem, resource } = this.#options;
      onProblem?.(
        `An object of ${resource} could not be read and is left out.`,
        new Error(nameIn(object), { cause: error }),
      );
    }
  }
}

function nameIn(object: RawObject): string {
  return `${JSON.stringify(object.metadata ?? null).slice(0, 200)}`;
}
