// The machine's time, owned: clocks and timers of this process stand still until the run moves them. Installed
// before anything else is loaded, so that the operator, its libraries and the simulated cluster all live in it.
import { TimerHeap } from "./timer-heap.ts";

interface Timer {
  at: number;
  order: number;
  readonly repeatMs: number | undefined;
  readonly delayMs: number;
  readonly callback: (...values: unknown[]) => void;
  readonly values: unknown[];
  isWaiting: boolean;
}

const realSetImmediate = globalThis.setImmediate;
const RealDate = globalThis.Date;

/**
 * Replaces setTimeout, setInterval, Date, performance.now, AbortSignal.timeout and Math.random. `setImmediate` stays
 * real: between two timers it lets promises and streams in memory come to rest, in an order that does not depend on
 * the machine. So whatever only uses these replays exactly.
 */
export class VirtualTime {
  readonly #startAt: number;
  readonly #timers = new TimerHeap<Timer>();
  #orders = 0;
  #nowMs = 0;

  /** `startAt`: epoch ms at the beginning. */
  constructor(startAt: number) {
    this.#startAt = startAt;
  }

  /** Since the beginning. */
  get elapsedMs(): number {
    return this.#nowMs;
  }

  /** For good: such a process does nothing else. `chance` takes the place of Math.random. */
  install(chance: () => number): void {
    const wall = (): number => this.#startAt + this.#nowMs;
    const schedule =
      (repeats: boolean) =>
      (callback: Timer["callback"], delayMs?: number, ...values: unknown[]) =>
        this.#schedule(callback, delayMs ?? 0, repeats, values);
    const cancel = (timeout: unknown): void => {
      if (timeout instanceof VirtualTimeout) timeout.close();
    };
    class VirtualDate extends RealDate {
      constructor(...parts: readonly unknown[]) {
        if (parts.length === 0) super(wall());
        else super(...(parts as [number]));
      }
      static override now(): number {
        return Math.floor(wall());
      }
    }
    Object.assign(globalThis, {
      setTimeout: schedule(false),
      setInterval: schedule(true),
      clearTimeout: cancel,
      clearInterval: cancel,
      Date: VirtualDate,
    });
    performance.now = () => this.#nowMs;
    AbortSignal.timeout = (delayMs) => {
      const controller = new AbortController();
      const abort = (): void => controller.abort(new DOMException("The operation timed out", "TimeoutError"));
      this.#schedule(abort, delayMs, false, []);
      return controller.signal;
    };
    Math.random = chance;
  }

  /** Lets time pass: fires what is due until then, one timer after the other, each when the one before has come to rest. */
  async advanceTo(elapsedMs: number): Promise<void> {
    for (;;) {
      await atRest();
      while (this.#timers.first?.isWaiting === false) this.#timers.pop();
      const next = this.#timers.first;
      if (next === undefined || next.at > elapsedMs) break;
      this.#timers.pop();
      this.#nowMs = Math.max(this.#nowMs, next.at);
      next.isWaiting = false;
      if (next.repeatMs !== undefined) this.#start(next, next.repeatMs);
      next.callback(...next.values);
    }
    this.#nowMs = Math.max(this.#nowMs, elapsedMs);
  }

  #schedule(
    callback: Timer["callback"],
    delayMs: number,
    repeats: boolean,
    values: unknown[],
  ): VirtualTimeout {
    // As Node: what is no delay is a millisecond. Fractions count here, so that nothing fires too early and again.
    const delay = delayMs > 0 && delayMs < 2 ** 31 ? delayMs : 1;
    const timer: Timer = {
      at: 0,
      order: 0,
      repeatMs: repeats ? delay : undefined,
      delayMs: delay,
      callback,
      values,
      isWaiting: false,
    };
    this.#start(timer, delay);
    return new VirtualTimeout(timer, () => this.#start({ ...timer }, timer.delayMs));
  }

  #start(timer: Timer, delayMs: number): Timer {
    timer.at = this.#nowMs + delayMs;
    timer.order = this.#orders++;
    timer.isWaiting = true;
    this.#timers.push(timer);
    return timer;
  }
}

/** What setTimeout returns: as much of Node's Timeout as libraries use. */
class VirtualTimeout {
  #timer: Timer;
  readonly #restart: () => Timer;

  constructor(timer: Timer, restart: () => Timer) {
    this.#timer = timer;
    this.#restart = restart;
  }

  /** Begins anew, also after it has fired. */
  refresh(): this {
    this.#timer.isWaiting = false;
    this.#timer = this.#restart();
    return this;
  }

  close(): this {
    this.#timer.isWaiting = false;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

/** One turn of the real event loop: every promise and every stream in memory has gone on as far as it can. */
function atRest(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve);
  });
}
