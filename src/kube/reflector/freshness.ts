// Whether what a reflector has read is the present. State only: time is an argument.

/** Interruptions up to this long are ordinary: a watch ends, and the next goes on where it was. */
const GRACE_MS = 10_000;
/** When a watch is accepted, what happened before that still has to arrive. */
const CATCH_UP_MS = 1_000;
/** How often to call `beat`. */
export const HEARTBEAT_MS = 2_000;
/** No beat for so long, and the process did not run: all that is known is of before. */
const ABSENT_AFTER_MS = 10_000;

export class Freshness {
  /** How long a list counts where no watch follows it. */
  readonly #listCountsMs: number;
  readonly #absentAfterMs: number;
  #listedAt: number | undefined;
  #openedAt: number | undefined;
  #isPolling = false;
  /** When what was read was last known to be the present. */
  #freshAt = Number.NEGATIVE_INFINITY;
  #regainedAt: number | undefined;
  /** When this process was last known to run. */
  #beatAt: number | undefined;
  /** It did not run for a while, or the server has gone back, and nothing was listed since. */
  #isOutdated = false;

  constructor(options: { readonly listCountsMs: number; readonly absentAfterMs?: number | undefined }) {
    this.#listCountsMs = options.listCountsMs;
    this.#absentAfterMs = options.absentAfterMs ?? ABSENT_AFTER_MS;
  }

  /**
   * The process runs. The first beat begins the watch over it. True for the first one after a time in which it did not
   * (SIGSTOP, a paused machine): its timers fire before it has read what its watches have brought meanwhile, and nobody
   * knows how much of that there is. From then on nothing is current before it was listed.
   */
  beat(now: number): boolean {
    const isBack = this.#isAbsent(now);
    if (isBack && this.#openedAt !== undefined && this.#beatAt !== undefined) this.#freshAt = this.#beatAt;
    this.#isOutdated ||= isBack;
    this.#beatAt = now;
    return isBack;
  }

  /** What was read is not what is there. From now on nothing is current before it was listed. */
  outdate(): void {
    this.#isOutdated = true;
  }

  /** A full list was read; `isPolling`: no watch can follow it. */
  listed(now: number, isPolling: boolean): void {
    if (this.#isBehind(now)) this.#regainedAt = now;
    this.#listedAt = now;
    this.#freshAt = now;
    this.#isPolling = isPolling;
    this.#isOutdated = false;
  }

  /** The server has accepted a watch. */
  opened(now: number): void {
    if (this.#isBehind(now)) this.#regainedAt = now + CATCH_UP_MS;
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
    if (this.#isOutdated || this.#isAbsent(now)) return false;
    if (this.#isPolling) return this.#listedAt !== undefined && now - this.#listedAt < this.#listCountsMs;
    const hasCaughtUp = this.#openedAt !== undefined && now - this.#openedAt >= CATCH_UP_MS;
    return hasCaughtUp || now - this.#freshAt < GRACE_MS;
  }

  /** Since when what was read is not the present any more (epoch ms); undefined while it is, and before the first list. */
  behindSinceAt(now: number): number | undefined {
    if (!this.#isBehind(now)) return undefined;
    // It is not known how long before the last beat the process did not run.
    return this.#isAbsent(now) ? Math.max(this.#freshAt, this.#beatAt ?? 0) : this.#freshAt;
  }

  /** Since when what was read is the present again after a time in which it was not; undefined when it always was. */
  get regainedAt(): number | undefined {
    return this.#regainedAt;
  }

  /** It has read the present before, and does not now. */
  #isBehind(now: number): boolean {
    return this.#listedAt !== undefined && !this.isCurrent(now);
  }

  /** No beat came for so long that this is the first moment after an absence. */
  #isAbsent(now: number): boolean {
    return this.#beatAt !== undefined && now - this.#beatAt >= this.#absentAfterMs;
  }
}
