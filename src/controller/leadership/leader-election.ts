// Of several instances one acts: whoever holds the Lease and has renewed it a short while ago, by its own clock.
import { formatDuration } from "../../api/duration.ts";
import { type Clock, type Stopwatch, type StopwatchMaker, sleep } from "../../kube/clock.ts";
import type { WriteGate } from "../../kube/connection/gated-client.ts";
import type { LeaseAccess, SeenLease } from "../../kube/lease/lease-access.ts";
import { messageWithAdvice } from "../../kube/missing-right.ts";
import { Complaints } from "../../telemetry/complaints.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { heldBy, isFree, type LeaseTimes, pauseMs, released } from "./lease-rules.ts";

export interface LeaderElectionOptions {
  readonly lease: LeaseAccess;
  /** Unlike that of any other process, also of a former one of the same pod. */
  readonly identity: string;
  readonly times: LeaseTimes;
  readonly clock: Clock & StopwatchMaker;
  readonly logger: Logger;
  /** This instance begins to act, or ends it. */
  readonly onChange: (isLeading: boolean) => void;
  /** In [0, 1). */
  readonly chance?: (() => number) | undefined;
}

/** A failure that lasts is told again after so long. */
const SAME_FAILURE_MS = 10 * 60_000;

/**
 * Promises that of instances whose clocks run equally fast, however they are set, no two lead at the same time: a
 * holder counts from before it sent a renewal, and stops at the renew deadline; the others count from when they saw
 * that renewal, and wait for the whole duration. Losing the Lease ends nothing but the acting: all state is in the
 * cluster, and the caches stay warm. Starts once and stops once.
 */
export class LeaderElection implements WriteGate {
  readonly #options: LeaderElectionOptions;
  readonly #complaints = new Complaints({ quietMs: SAME_FAILURE_MS });
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #seen: SeenLease | undefined;
  /** Since when this process sees the record as it is. */
  #unchanged: Stopwatch | undefined;
  /** Since just before the last renewal was sent; undefined: this instance stands by. */
  #held: Stopwatch | undefined;
  #loggedHolder = "";

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  /** For how many ms from now this instance may act without renewing; 0: it may not. */
  leftMs(): number {
    return this.#stopping.signal.aborted ? 0 : this.#leftMs();
  }

  get isLeading(): boolean {
    return this.leftMs() > 0;
  }

  start(): void {
    this.#running = this.#run();
  }

  /**
   * Stops acting. `release`: nothing that this instance has sent is under way any more, so that another may begin at
   * once; else it has to wait until the Lease has run out. Never rejects.
   */
  async stop({ release }: { readonly release: boolean }): Promise<void> {
    this.#stopping.abort(new DOMException("stopping", "AbortError"));
    await this.#running;
    const wasLeading = this.#leftMs() > 0;
    if (wasLeading && release) await this.#release();
    this.#held = undefined;
    if (wasLeading) this.#options.onChange(false);
  }

  #leftMs(): number {
    if (this.#held === undefined) return 0;
    return Math.max(0, this.#options.times.renewDeadlineMs - this.#held().atMostMs);
  }

  async #run(): Promise<void> {
    const { clock, times, chance = Math.random } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#endWhenOverdue();
      try {
        await this.#tryOnce();
        this.#complaints.settle("lease");
      } catch (error) {
        if (!signal.aborted) this.#complain(error);
      }
      this.#endWhenOverdue();
      const pause = pauseMs(times.retryPeriodMs, chance());
      await sleep(clock, this.#held ? Math.min(pause, this.#leftMs()) : pause, signal);
    }
  }

  async #tryOnce(): Promise<void> {
    if (this.#held === undefined) {
      await this.#look();
      if (this.#canTake()) await this.#write();
      else this.#logHolder();
      return;
    }
    if (await this.#write()) return;
    // Not as it was: an answer was lost, another has taken it, or somebody has changed it by hand.
    await this.#look();
    const { holder = "no instance (it was deleted)" } = this.#seen?.record ?? {};
    if (holder !== this.#options.identity) this.#end(`now held by ${holder || "no instance"}`);
    else await this.#write();
  }

  /** Never before it has been read: nobody's, one's own (an answer was lost), or not renewed for its whole duration. */
  #canTake(): boolean {
    if (this.#seen === undefined || this.#unchanged === undefined) return true;
    const { record } = this.#seen;
    const { identity, times } = this.#options;
    return record.holder === identity || isFree(record, this.#unchanged().atLeastMs, times.durationMs);
  }

  async #look(): Promise<void> {
    const { lease } = this.#options;
    const seen = await this.#inTime((signal) => lease.read({ signal }));
    if (JSON.stringify(seen?.record) !== JSON.stringify(this.#seen?.record)) this.#unchanged = undefined;
    this.#seen = seen;
    if (seen) this.#unchanged ??= this.#options.clock.stopwatch();
  }

  /** Takes or renews the Lease as it was seen last. False: it is another by now. */
  async #write(): Promise<boolean> {
    const { lease, identity, times, clock } = this.#options;
    const before = this.#seen;
    const sending = clock.stopwatch();
    const record = heldBy(identity, before?.record, clock.now(), times.durationMs);
    const written = await this.#inTime((signal) => lease.write(record, before, { signal }));
    if (written === undefined) return false;
    this.#seen = written;
    this.#unchanged = clock.stopwatch();
    const isNew = this.#held === undefined;
    this.#held = sending;
    if (isNew && this.isLeading) this.#begin(before?.record.holder);
    return true;
  }

  async #release(): Promise<void> {
    const { lease, identity, times, logger } = this.#options;
    try {
      await this.#within(Math.min(times.renewDeadlineMs / 2, this.#leftMs()), async (signal) => {
        if (await this.#writeReleased(signal)) return;
        // The answer to the last renewal may be lost.
        this.#seen = await lease.read({ signal });
        if (this.#seen?.record.holder === identity) await this.#writeReleased(signal);
      });
      logger.info(`released Lease ${lease.name}; another instance can lead at once`);
    } catch (error) {
      logger.warn(`could not release Lease ${lease.name}; another instance can lead when it expires`, {
        error,
      });
    }
  }

  async #writeReleased(signal: AbortSignal): Promise<boolean> {
    const { lease, clock } = this.#options;
    if (this.#seen === undefined) return true;
    const record = released(this.#seen.record, clock.now());
    return (await lease.write(record, this.#seen, { signal })) !== undefined;
  }

  /** A request may take no longer than it is of use, and leaves time for another try. */
  #inTime<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const halfMs = this.#options.times.renewDeadlineMs / 2;
    const longestMs = this.#held ? Math.min(halfMs, this.#leftMs()) : halfMs;
    const { signal } = this.#stopping;
    return this.#within(longestMs, (deadline) => request(AbortSignal.any([deadline, signal])));
  }

  async #within<T>(longestMs: number, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ending = new AbortController();
    const cancel = this.#options.clock.after(longestMs, () => {
      ending.abort(new DOMException(`no response within ${formatDuration(longestMs)}`, "TimeoutError"));
    });
    try {
      return await request(ending.signal);
    } finally {
      cancel();
    }
  }

  #endWhenOverdue(): void {
    const { times } = this.#options;
    if (this.#held !== undefined && this.#leftMs() <= 0) {
      this.#end(`not renewed within ${formatDuration(times.renewDeadlineMs)}`);
    }
  }

  #begin(former: string | undefined): void {
    const { lease, identity, logger, onChange } = this.#options;
    const from = former && former !== identity ? `, previously held by ${former}` : "";
    this.#loggedHolder = identity;
    logger.info(`started leading: acquired Lease ${lease.name}${from}`, { identity });
    onChange(true);
  }

  #end(why: string): void {
    const { lease, identity, logger, onChange } = this.#options;
    this.#held = undefined;
    logger.warn(`stopped leading: lost Lease ${lease.name}: ${why}`, { identity });
    onChange(false);
  }

  #logHolder(): void {
    const { lease, identity, logger } = this.#options;
    const holder = this.#seen?.record.holder ?? "";
    if (holder === this.#loggedHolder) return;
    this.#loggedHolder = holder;
    logger.info(`standing by: ${holder} holds Lease ${lease.name}`, { identity });
  }

  #complain(error: unknown): void {
    const { lease, clock, logger } = this.#options;
    const why = messageWithAdvice(error);
    const message = `cannot acquire or renew Lease ${lease.name}: ${why}; retrying`;
    if (this.#complaints.isNews("lease", why, clock.now())) logger.warn(message, { error });
    else logger.debug(message);
  }
}
