// The queue of keys: drops duplicates, delays, backs off, and never works on one key twice at once.
// p-queue limits how many keys are worked on; it knows nothing of keys (docs/adr/0003).
import { setImmediate as nextTurn } from "node:timers/promises";
import PQueue from "p-queue";
import type { Clock } from "../kube/clock.ts";
import { backOffDelayMs, conflictDelayMs } from "./retry-delay.ts";

export interface WorkQueueOptions<Key extends string> {
  readonly clock: Clock;
  /** How many keys are worked on at once. */
  readonly concurrency: number;
  /** One pass over a key. When it rejects, the key is tried again with back-off. */
  readonly run: (key: Key) => Promise<void>;
  /** Before when the key cannot be worked on (epoch ms of the clock), as far as that is after `now`. Default: at once. */
  readonly notBefore?: ((key: Key, now: number) => number) | undefined;
  /** Told when a pass begins, with how long its key waited for a worker. */
  readonly onStart?: ((waitedMs: number) => void) | undefined;
  /** How long nothing may move before `isAlive` says so. */
  readonly stuckAfterMs: number;
  /** Chance in [0, 1), for delays. */
  readonly random?: (() => number) | undefined;
}

/**
 * Promises: a key is never run twice at once; every `add` is followed by a run that began after it; adds
 * that come before that run began share it.
 */
export class WorkQueue<Key extends string = string> {
  readonly #options: WorkQueueOptions<Key>;
  readonly #pool: PQueue;
  /** Keys to run, and since when they wait. A key that is running and here runs once more. */
  readonly #waiting = new Map<Key, number>();
  /** Keys at work, and since when. */
  readonly #running = new Map<Key, number>();
  readonly #timers = new Map<Key, { readonly at: number; readonly cancel: () => void }>();
  /** Failures in a row. */
  readonly #failures = new Map<Key, number>();
  #lastProgressAt: number;
  #isStopped = false;

  constructor(options: WorkQueueOptions<Key>) {
    this.#options = options;
    this.#pool = new PQueue({ concurrency: options.concurrency });
    this.#lastProgressAt = options.clock.now();
  }

  /** How many keys wait for a worker. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** When a pass last began or ended (epoch ms of the clock). */
  get lastProgressAt(): number {
    return this.#lastProgressAt;
  }

  /** Runs the key soon, once for any number of adds. */
  add(key: Key): void {
    if (this.#isStopped || this.#waiting.has(key)) return;
    this.#waiting.set(key, this.#options.clock.now());
    if (!this.#running.has(key)) this.#schedule(key);
  }

  /** Runs the key at `atMs` of the clock, or earlier when an earlier time was asked for. */
  addAt(key: Key, atMs: number): void {
    if (this.#isStopped) return;
    const delayMs = atMs - this.#options.clock.now();
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const timer = this.#timers.get(key);
    if (timer && timer.at <= atMs) return;
    timer?.cancel();
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(key);
      this.add(key);
    });
    this.#timers.set(key, { at: atMs, cancel });
  }

  /** Runs the key again after a back-off that doubles with each failure in a row, and not before `notBeforeMs` from now. */
  retry(key: Key, notBeforeMs = 0): void {
    const delayMs = backOffDelayMs(this.#countFailure(key), this.#chance());
    this.addAt(key, this.#options.clock.now() + Math.max(delayMs, notBeforeMs));
  }

  /** Runs the key again in a moment: it met a conflict, and the next look will see what changed. */
  retrySoon(key: Key): void {
    const delayMs = conflictDelayMs(this.#countFailure(key), this.#chance());
    this.addAt(key, this.#options.clock.now() + delayMs);
  }

  /** The key did well or is gone: its failures and its timer are forgotten; the caller says anew when to look. */
  forget(key: Key): void {
    this.#failures.delete(key);
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  /** True while passes move along; else a sentence that says what does not. */
  isAlive(): true | string {
    const { clock, stuckAfterMs } = this.#options;
    const stuckSince = clock.now() - stuckAfterMs;
    for (const [key, startedAt] of this.#running) {
      if (startedAt < stuckSince) return `the reconcile of ${key} is stuck`;
    }
    const [oldest] = this.#waiting;
    if (oldest && Math.max(oldest[1], this.#lastProgressAt) < stuckSince)
      return `${oldest[0]} is waiting and no reconcile makes progress`;
    return true;
  }

  /**
   * Lets running passes finish, drops waiting keys and cancels timers; later adds do nothing. Resolves with
   * whether all passes ended within `timeoutMs`.
   */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#isStopped = true;
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#waiting.clear();
    this.#pool.clear();
    let cancelTimeout = () => {};
    const timeout = new Promise<false>((resolve) => {
      cancelTimeout = this.#options.clock.after(timeoutMs, () => resolve(false));
    });
    const isDone = await Promise.race([this.#pool.onIdle().then(() => true), timeout]);
    cancelTimeout();
    return isDone;
  }

  #schedule(key: Key): void {
    // p-queue rejects what clear() drops; work itself never rejects.
    this.#pool.add(() => this.#work(key)).catch(() => {});
  }

  async #work(key: Key): Promise<void> {
    // p-queue begins at once when a worker is free; without this turn a burst of adds would run twice.
    await nextTurn();
    const { clock, run, onStart } = this.#options;
    const startedAt = clock.now();
    const waitingSince = this.#waiting.get(key);
    if (waitingSince === undefined) return;
    this.#waiting.delete(key);
    const notBefore = this.#options.notBefore?.(key, startedAt) ?? startedAt;
    if (notBefore > startedAt) return this.addAt(key, notBefore);
    this.#running.set(key, startedAt);
    this.#lastProgressAt = startedAt;
    try {
      onStart?.(startedAt - waitingSince);
      await run(key);
    } catch {
      this.retry(key);
    } finally {
      this.#running.delete(key);
      this.#lastProgressAt = clock.now();
      if (this.#waiting.has(key)) this.#schedule(key);
    }
  }

  #countFailure(key: Key): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    return failures;
  }

  #chance(): number {
    return (this.#options.random ?? Math.random)();
  }
}
