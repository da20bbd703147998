import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import { backOffDelayMs, conflictDelayMs } from "./retry-delay.ts";
import { WorkQueue, type WorkQueueOptions } from "./work-queue.ts";

const MINUTE = 60_000;

/** A queue whose passes begin and end under the test's control. */
function aQueue(options: Partial<WorkQueueOptions<string>> = {}) {
  const clock = new ManualClock();
  const begun: string[] = [];
  const open: { readonly key: string; readonly end: (error?: Error) => void }[] = [];
  const queue: WorkQueue = new WorkQueue({
    clock,
    concurrency: 2,
    stuckAfterMs: 10 * MINUTE,
    random: () => 0.5,
    run: (key) => {
      begun.push(key);
      return new Promise<void>((resolve, reject) => {
        open.push({ key, end: (error) => (error ? reject(error) : resolve()) });
      });
    },
    ...options,
  });
  return {
    queue,
    clock,
    begun,
    /** Lets everything happen that can happen without an end of a pass. */
    settle,
    /** Ends the oldest open pass of the key. */
    end: async (key: string, error?: Error) => {
      const index = open.findIndex((pass) => pass.key === key);
      open.splice(index, 1)[0]?.end(error);
      await settle();
    },
  };
}

async function settle() {
  for (let turn = 0; turn < 6; turn++) await nextTurn();
}

describe("WorkQueue", () => {
  it("runs a key once for ten adds", async () => {
    const { queue, begun, end } = aQueue();
    for (let i = 0; i < 10; i++) queue.add("a");
    await settle();
    await end("a");
    expect(begun).to.deep.equal(["a"]);
    expect(queue.depth).to.equal(0);
  });

  it("lets a key wait that cannot be worked on yet, and no other", async () => {
    const notBefore = (key: string, now: number) => (key === "noisy" ? NOISY_UNTIL : now);
    const { queue, begun, clock } = aQueue({ notBefore });
    const NOISY_UNTIL = clock.now() + 2_000;
    queue.add("noisy");
    queue.add("a");
    await settle();
    expect(begun).to.deep.equal(["a"]);
    clock.advance(2_000);
    await settle();
    expect(begun).to.deep.equal(["a", "noisy"]);
  });

  it("runs a key once more, afterwards, when it is added while it runs", async () => {
    const { queue, begun, end } = aQueue();
    queue.add("a");
    await settle();
    queue.add("a");
    queue.add("a");
    await settle();
    expect(begun).to.deep.equal(["a"]);
    await end("a");
    expect(begun).to.deep.equal(["a", "a"]);
    await end("a");
    expect(begun).to.have.length(2);
  });

  it("works on as many keys at once as it may", async () => {
    const { queue, begun, end } = aQueue({ concurrency: 2 });
    for (const key of ["a", "b", "c"]) queue.add(key);
    await settle();
    expect(begun).to.deep.equal(["a", "b"]);
    expect(queue.depth).to.equal(1);
    await end("a");
    expect(begun).to.deep.equal(["a", "b", "c"]);
  });

  it("runs a key at the earliest of the times that were asked for", async () => {
    const { queue, clock, begun } = aQueue();
    queue.addAt("a", clock.now() + 5_000);
    queue.addAt("a", clock.now() + 2_000);
    queue.addAt("a", clock.now() + 9_000);
    clock.advance(1_999);
    await settle();
    expect(begun).to.deep.equal([]);
    clock.advance(1);
    await settle();
    expect(begun).to.deep.equal(["a"]);
    expect(clock.pending).to.equal(0);
  });

  it("runs a key at once when its time has passed", async () => {
    const { queue, clock, begun } = aQueue();
    queue.addAt("a", clock.now() - 1);
    await settle();
    expect(begun).to.deep.equal(["a"]);
  });

  it("waits twice as long after each failure in a row, and starts over when the key did well", async () => {
    const { queue, clock, begun, end } = aQueue();
    const delayOf = async (retry: () => void) => {
      const before = begun.length;
      const from = clock.now();
      retry();
      while (begun.length === before) {
        clock.advance(50);
        await settle();
      }
      await end("a");
      return clock.now() - from;
    };
    expect(await delayOf(() => queue.retry("a"))).to.equal(150);
    expect(await delayOf(() => queue.retry("a"))).to.equal(300);
    expect(await delayOf(() => queue.retry("a"))).to.equal(600);
    queue.forget("a");
    expect(await delayOf(() => queue.retry("a"))).to.equal(150);
    expect(await delayOf(() => queue.retry("a", 4_000))).to.equal(4_000);
  });

  it("tries a key again when its pass rejects", async () => {
    const { queue, clock, begun, end } = aQueue();
    queue.add("a");
    await settle();
    await end("a", new Error("broken"));
    clock.advance(MINUTE);
    await settle();
    expect(begun).to.deep.equal(["a", "a"]);
  });

  it("forgets the timer of a key with its failures", async () => {
    const { queue, clock, begun } = aQueue();
    queue.retry("a");
    queue.forget("a");
    clock.advance(10 * MINUTE);
    await settle();
    expect(begun).to.deep.equal([]);
  });

  it("tells how long a key waited for a worker", async () => {
    const waits: number[] = [];
    const { queue, clock, end } = aQueue({ concurrency: 1, onStart: (waitedMs) => waits.push(waitedMs) });
    queue.add("a");
    queue.add("b");
    await settle();
    clock.advance(3_000);
    await end("a");
    expect(waits).to.deep.equal([0, 3_000]);
  });

  describe("stop", () => {
    it("lets running passes finish and drops waiting keys and timers", async () => {
      const { queue, clock, begun, end } = aQueue({ concurrency: 1 });
      queue.add("a");
      queue.add("b");
      queue.addAt("c", clock.now() + 1_000);
      await settle();
      const stopped = queue.stop(5_000);
      queue.add("a");
      queue.add("d");
      await end("a");
      expect(await stopped).to.equal(true);
      clock.advance(MINUTE);
      await settle();
      expect(begun).to.deep.equal(["a"]);
      expect(clock.pending).to.equal(0);
    });

    it("does not wait longer than it may for a pass that does not end", async () => {
      const { queue, clock } = aQueue();
      queue.add("a");
      await settle();
      const stopped = queue.stop(5_000);
      clock.advance(5_000);
      expect(await stopped).to.equal(false);
    });
  });

  describe("isAlive", () => {
    it("holds while nothing is to be done", () => {
      const { queue, clock } = aQueue();
      clock.advance(60 * MINUTE);
      expect(queue.isAlive()).to.equal(true);
    });

    it("names the reconcile that is stuck", async () => {
      const { queue, clock } = aQueue();
      queue.add("shop/web");
      await settle();
      clock.advance(10 * MINUTE);
      expect(queue.isAlive()).to.equal(true);
      clock.advance(1);
      expect(queue.isAlive()).to.equal("the reconcile of shop/web is stuck");
    });
  });

  it("never runs a key twice at once, and runs it after each add, whatever happens in between", async () => {
    const keys = fc.constantFrom("a", "b", "c");
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), key: keys }) },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant("end" as const), key: keys, fails: fc.boolean() }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("addAt" as const), key: keys, inMs: fc.nat(2_000) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("retry" as const), key: keys }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("conflict" as const), key: keys }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("pass time" as const), ms: fc.nat(3_000) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, concurrency) => {
          const clock = new ManualClock();
          const open = new Map<string, (error?: Error) => void>();
          const owed = new Set<string>();
          const overlaps: string[] = [];
          const queue = new WorkQueue({
            clock,
            concurrency,
            stuckAfterMs: MINUTE,
            run: (key) => {
              if (open.has(key)) overlaps.push(key);
              owed.delete(key);
              return new Promise<void>((resolve, reject) => {
                open.set(key, (error) => (error ? reject(error) : resolve()));
              });
            },
          });
          const end = (key: string, error?: Error) => {
            const finish = open.get(key);
            open.delete(key);
            finish?.(error);
          };
          for (const next of steps) {
            if (next.do === "add") {
              owed.add(next.key);
              queue.add(next.key);
            } else if (next.do === "addAt") {
              owed.add(next.key);
              queue.addAt(next.key, clock.now() + next.inMs);
            } else if (next.do === "retry") {
              owed.add(next.key);
              queue.retry(next.key);
            } else if (next.do === "conflict") {
              owed.add(next.key);
              queue.retrySoon(next.key);
            } else if (next.do === "end") end(next.key, next.fails ? new Error("failed") : undefined);
            else if (next.do === "pass time") clock.advance(next.ms);
            else await nextTurn();
          }
          for (let round = 0; round < 30 && owed.size > 0; round++) {
            clock.advance(10 * MINUTE);
            await settle();
            for (const key of open.keys()) end(key);
          }
          expect(overlaps, "keys that ran twice at once").to.deep.equal([]);
          expect([...owed], "keys that were added and did not run afterwards").to.deep.equal([]);
          await settle();
          for (const key of open.keys()) end(key);
          expect(await queue.stop(1_000)).to.equal(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("backOffDelayMs", () => {
  it("doubles from 200 ms to at most 30 s, half of it left to chance", () => {
    expect([1, 2, 3].map((failures) => backOffDelayMs(failures, 0))).to.deep.equal([100, 200, 400]);
    expect(backOffDelayMs(1, 0.999)).to.be.closeTo(200, 1);
    expect(backOffDelayMs(5_000, 0.999)).to.be.closeTo(30_000, 200);
  });
});

describe("conflictDelayMs", () => {
  it("stays between 50 and 250 ms for the first conflicts and backs off when they go on", () => {
    expect(conflictDelayMs(1, 0)).to.equal(50);
    expect(conflictDelayMs(5, 0.999)).to.be.closeTo(250, 1);
    expect(conflictDelayMs(6, 0)).to.equal(backOffDelayMs(6, 0));
  });
});
