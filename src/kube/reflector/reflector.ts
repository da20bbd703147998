// Keeps a sink equal to one resource of the API server, from start to stop.
import { Freshness, HEARTBEAT_MS } from "./freshness.ts";
import { keepListingAndWatching, type ListWatchOptions, POLL_MS } from "./list-watch.ts";

export interface ReflectorOptions extends ListWatchOptions {
  /** A process that does not come to run for so long (of the clock) was absent, and reads the list anew. */
  readonly absentAfterMs?: number | undefined;
  /** The API server has gone back to an earlier state: what others have read of it is outdated as well. */
  readonly onServerRestored?: (() => void) | undefined;
}

/**
 * Survives whatever the API server does and never ends by itself. A list that breaks off half-way changes nothing
 * in the sink; after `stop` the sink is not called any more.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  #running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  #lastEventAt: number | undefined;
  readonly #freshness: Freshness;
  #listAgain = new AbortController();

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#freshness = new Freshness({ listCountsMs: 2 * POLL_MS, absentAfterMs: options.absentAfterMs });
  }

  /** Whether the sink has received a full list since the start. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** When the server was last heard: an event, a bookmark, a full list, or a watch that it accepted. */
  get lastEventAt(): number | undefined {
    return this.#lastEventAt;
  }

  /**
   * Whether the sink shows the present, or did a few seconds ago: a watch is open and has had time to catch up, or,
   * where no connection is left for one, the list was read a short while ago. After a time in which this process did
   * not run, not before the list was read anew. A watch whose peer died silently counts as open until that is noticed.
   */
  get isCurrent(): boolean {
    return this.#freshness.isCurrent(this.#options.clock.now());
  }

  /** Since when the sink does not show the present any more (epoch ms); undefined while it does, and before the first list. */
  get behindSinceAt(): number | undefined {
    return this.#freshness.behindSinceAt(this.#options.clock.now());
  }

  /** Since when the sink shows the present again (epoch ms) after a time in which it did not; undefined: it always did. */
  get regainedAt(): number | undefined {
    return this.#freshness.regainedAt;
  }

  /** Resolves once `hasSynced`; rejects with the signal's reason when that aborts first. */
  async whenSynced(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([this.#synced.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Begins, unless it runs already. The first to start are the first to get a watch where connections are few. */
  start(): void {
    if (this.#running) return;
    if (this.#hasSynced) this.#synced = Promise.withResolvers<void>();
    this.#hasSynced = false;
    const abort = new AbortController();
    this.#running = { abort, done: this.#run(abort.signal) };
  }

  /** Reads the list again at once; what was read before counts as outdated until then. */
  relist(): void {
    if (!this.#running) return;
    this.#freshness.outdate();
    this.#listAgain.abort();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.abort.abort();
    await running?.done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#options;
    const place = client.reserveWatch();
    const watchListener = {
      onData: () => {
        this.#lastEventAt = clock.now();
      },
      onListed: () => {
        this.#freshness.listed(clock.now(), !place.canWatch());
        this.#hasSynced = true;
        this.#synced.resolve();
      },
      onOpened: () => this.#freshness.opened(clock.now()),
      onClosed: () => this.#freshness.closed(clock.now()),
      onServerRestored: () => {
        this.#freshness.outdate();
        this.#options.onServerRestored?.();
      },
    };
    let cancelBeat = () => {};
    const beat = () => {
      if (this.#freshness.beat(clock.now())) this.#listAgain.abort();
      cancelBeat = clock.after(HEARTBEAT_MS, beat);
    };
    beat();
    while (!signal.aborted) {
      this.#listAgain = new AbortController();
      const either = AbortSignal.any([signal, this.#listAgain.signal]);
      await keepListingAndWatching(this.#options, watchListener, place, either);
    }
    cancelBeat();
    place.release();
  }
}
