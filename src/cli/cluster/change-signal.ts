// Lets a loop sleep until something has changed.
import type { Clock } from "../../kube/clock.ts";

export class ChangeSignal {
  readonly #clock: Clock;
  #news = Promise.withResolvers<void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something has changed. */
  give(): void {
    this.#news.resolve();
  }

  /** Resolves when something has changed since the last call, and at `untilAt` at the latest. */
  async wait(untilAt?: number): Promise<void> {
    const due = Promise.withResolvers<void>();
    const cancel =
      untilAt === undefined
        ? undefined
        : this.#clock.after(Math.max(0, untilAt - this.#clock.now()), due.resolve);
    await Promise.race([this.#news.promise, due.promise]);
    cancel?.();
    this.#news = Promise.withResolvers<void>();
  }
}
