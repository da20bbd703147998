// Whether what a reflector has read is the present. State only: time is an argument.

/** Interruptions up to this long are ordinary: a watch ends, and the next goes on where it was. */
const GRACE_MS = 10_000;
/** When a watch is accepted, what happened before that still has to arrive. */
const CATCH_UP_MS = 1_000;

export class Freshness {
  /** How long a list counts where no watch follows it. */
  readonly #listCountsMs: number;
  #listedAt: number | undefined;
  #openedAt: number | undefined;
  #isPolling = false;
  /** When what was read was last known to be the present. */
  #freshAt = Number.NEGATIVE_INFINITY;

  constructor(listCountsMs: number) {
    this.#listCountsMs = listCountsMs;
  }

  /** A full list was read; `isPolling`: no watch can follow it. */
  listed(now: number, isPolling: boolean): void {
    this.#listedAt = now;
    this.#freshAt = now;
    this.#isPolling = isPolling;
  }

  /** The server has accepted a watch. */
  opened(now: number): void {
    this.#openedAt = now;
  }

  /** The watch has ended, however. One that ended before it could catch up has told nothing of the present. */
  closed(now: number): void {
    if (this.#openedAt !== undefined && now - this.#openedAt >= CATCH_UP_MS) this.#freshAt = now;
    this.#openedAt = undefined;
  }

  /**
   * A watch is open and has had time to catch up, or it is not long since that was so; or, where no connection is left
   * for a watch, the list was read a short while ago.
   */
  isCurrent(now: number): boolean {
    if (this.#isPolling) return this.#listedAt !== undefined && now - this.#listedAt < this.#listCountsMs;
    const hasCaughtUp = this.#openedAt !== undefined && now - this.#openedAt >= CATCH_UP_MS;
    return hasCaughtUp || now - this.#freshAt < GRACE_MS;
  }
}
