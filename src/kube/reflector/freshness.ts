// Whether what a reflector has read is the present. State only: time is an argument.

/** Interruptions up to this long are ordinary: a watch ends, and the next goes on where it was. */
const GRACE_MS = 10_000;
/** When a watch is accepted, what happened before that still has to arrive. */
const CATCH_UP_MS = 1_000;
/**
 * The same after a time in which this process did not run (SIGSTOP, a paused machine): its timers fire before it has
 * read anything of what its watches have brought meanwhile. There may be much of it, so it takes until a watch has been
 * quiet for `CATCH_UP_MS`; not longer than this, as in a large cluster watches are never quiet.
 */
const SHORTEST_CATCH_UP_AFTER_ABSENCE_MS = 5_000;
const LONGEST_CATCH_UP_AFTER_ABSENCE_MS = 30_000;
/** How often to call `beat`. */
export const HEARTBEAT_MS = 2_000;

export class Freshness {
  /** How long a list counts where no watch follows it. */
  readonly #listCountsMs: number;
  #listedAt: number | undefined;
  #openedAt: number | undefined;
  #isPolling = false;
  /** When what was read was last known to be the present. */
  #freshAt = Number.NEGATIVE_INFINITY;
  /** When this process was last known to run. */
  #beatAt: number | undefined;
  /** When it last came back after a longer absence, if nothing was listed since. */
  #backAt: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(listCountsMs: number) {
    this.#listCountsMs = listCountsMs;
  }

  /** The process runs. The first beat begins the watch over it. */
  beat(now: number): void {
    if (this.#isAbsent(now)) this.#backAt = now;
    this.#beatAt = now;
  }

  /** The server has said something. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /** A full list was read; `isPolling`: no watch can follow it. */
  listed(now: number, isPolling: boolean): void {
    this.#listedAt = now;
    this.#freshAt = now;
    this.#isPolling = isPolling;
    this.#backAt = undefined;
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
   * for a watch, the list was read a short while ago. Never right after this process did not run for a while.
   */
  isCurrent(now: number): boolean {
    if (this.#isAbsent(now) || this.#isJustBack(now)) return false;
    if (this.#isPolling) return this.#listedAt !== undefined && now - this.#listedAt < this.#listCountsMs;
    const hasCaughtUp = this.#openedAt !== undefined && now - this.#openedAt >= CATCH_UP_MS;
    return hasCaughtUp || now - this.#freshAt < GRACE_MS;
  }

  #isJustBack(now: number): boolean {
    const backForMs = this.#backAt === undefined ? Number.POSITIVE_INFINITY : now - this.#backAt;
    // The clock was set back: it had only jumped, and nobody was away.
    if (backForMs < 0) return false;
    if (backForMs < SHORTEST_CATCH_UP_AFTER_ABSENCE_MS) return true;
    return backForMs < LONGEST_CATCH_UP_AFTER_ABSENCE_MS && now - this.#heardAt < CATCH_UP_MS;
  }

  /** No beat came for so long that this is the first moment after an absence. */
  #isAbsent(now: number): boolean {
    return this.#beatAt !== undefined && now - this.#beatAt >= GRACE_MS;
  }
}
