// What is due later on a node for one owner, a container or a pod: cancelled together, silent after the stop.
import type { ClusterParts } from "../../cluster-parts.ts";
import { type Distribution, draw } from "./timing.ts";

export class Timers {
  readonly #parts: Pick<ClusterParts, "time" | "random">;
  /** Undefined while nothing is due, as for most pods most of the time. */
  #cancels: Set<() => void> | undefined;
  #isStopped = false;

  constructor(parts: Pick<ClusterParts, "time" | "random">) {
    this.#parts = parts;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Calls back after so much time, unless cancelled or stopped by then. */
  after(delayMs: number, callback: () => void): void {
    const cancel = this.#parts.time.after(delayMs, () => {
      this.#cancels?.delete(cancel);
      if (this.#cancels?.size === 0) this.#cancels = undefined;
      if (!this.#isStopped) callback();
    });
    this.#cancels ??= new Set();
    this.#cancels.add(cancel);
  }

  /** As `after`, with a delay drawn from the distribution. */
  within(distribution: Distribution, callback: () => void): void {
    this.after(draw(this.#parts.random, distribution), callback);
  }

  /** Drops what is due; later calls of `after` count again. */
  cancelAll(): void {
    for (const cancel of this.#cancels ?? []) cancel();
    this.#cancels = undefined;
  }

  /** Drops what is due, and everything from now on. */
  stop(): void {
    this.#isStopped = true;
    this.cancelAll();
  }
}
