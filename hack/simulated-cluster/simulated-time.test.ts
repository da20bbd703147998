import { expect } from "chai";
import type { MachineClock } from "./machine-clock.ts";
import { SimulatedTime } from "./simulated-time.ts";

/** Moves when it is told to. */
class HandClock implements MachineClock {
  #now = 0;
  readonly #waiting: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const wait = { at: this.#now + delayMs, callback };
    this.#waiting.push(wait);
    return () => {
      const index = this.#waiting.indexOf(wait);
      if (index >= 0) this.#waiting.splice(index, 1);
    };
  }

  moveBy(ms: number): void {
    this.#now += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    for (const { callback } of due) callback();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("SimulatedTime", () => {
  let time: SimulatedTime;

  beforeEach(() => {
    time = new SimulatedTime({ timeScale: 1_000, startAt: Date.parse("2026-11-21T00:00:00Z") });
  });

  afterEach(() => time.stop());

  const pass = (delayMs: number) =>
    new Promise<number>((resolve) => time.after(delayMs, () => resolve(time.now())));

  it("fires timers in the order of their due times, and of their making when due together", async () => {
    const fired: string[] = [];
    // Made inside a timer, where the time stands still: a pause of the machine would change the due times.
    time.after(0, () => {
      for (const [name, delayMs] of [
        ["c", 300],
        ["a", 100],
        ["b1", 200],
        ["b2", 200],
      ] as const) {
        time.after(delayMs, () => fired.push(name));
      }
    });
    await pass(1_000);
    expect(fired).to.deep.equal(["a", "b1", "b2", "c"]);
  });

  it("is at the due time inside a timer, so that a busy machine does not stretch intervals", async () => {
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      const tick = (): void => {
        times.push(time.now());
        if (times.length < 20) time.after(50, tick);
        else resolve();
      };
      time.after(50, tick);
      const busyUntil = performance.now() + 20;
      while (performance.now() < busyUntil);
    });
    const intervals = times.slice(1).map((at, i) => Math.round(at - (times[i] ?? 0)));
    expect(new Set(intervals)).to.deep.equal(new Set([50]));
  });

  it("does not pass a timer that has not fired, however late that is", () => {
    const start = time.now();
    time.after(100, () => {});
    const busyUntil = performance.now() + 5;
    while (performance.now() < busyUntil);
    expect(time.now() - start).to.be.at.most(110);
  });

  it("lets the continuation of a wait run before the next timer when asked to", async () => {
    const order: string[] = [];
    const startAt = time.now();
    time.after(1_000, () => order.push("later timer"));
    const wait = new Promise<void>((resolve) => {
      time.after(10, () => {
        time.letOthersRun();
        resolve();
      });
    });
    const busyUntil = performance.now() + 5;
    while (performance.now() < busyUntil);
    await wait;
    order.push("continuation");
    expect(time.now()).to.be.at.most(startAt + 500);
    await pass(1_000);
    expect(order).to.deep.equal(["continuation", "later timer"]);
  });

  it("runs by the clock that it is given, and stands still with it", async () => {
    const clock = new HandClock();
    const startAt = Date.parse("2026-11-21T00:00:00Z");
    const byHand = new SimulatedTime({ timeScale: 10, startAt, clock });
    const fired: number[] = [];
    byHand.after(60_000, () => fired.push(byHand.now() - startAt));
    clock.moveBy(5_999);
    await turn();
    expect([byHand.now() - startAt, fired]).to.deep.equal([59_990, []]);
    clock.moveBy(1);
    await turn();
    expect(fired).to.deep.equal([60_000]);
    clock.moveBy(1_000_000);
    expect(byHand.now() - startAt).to.equal(10_060_000);
  });

  it("never goes back", async () => {
    const seen: number[] = [time.now()];
    for (let i = 0; i < 5; i++) {
      await pass(20);
      seen.push(time.now());
    }
    expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
  });

  it("fires nothing that was cancelled or is due after the stop", async () => {
    let count = 0;
    time.after(10, () => (count += 1))();
    await pass(50);
    time.after(10, () => (count += 1));
    time.stop();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(count).to.equal(0);
  });
});
