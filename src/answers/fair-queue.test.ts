import { expect } from "chai";
import { FairQueue } from "./fair-queue.ts";

/** Tasks that run until they are ended one by one. */
function endless() {
  const ends: (() => void)[] = [];
  const state = { running: 0, most: 0 };
  const task = async () => {
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await new Promise<void>((resolve) => ends.push(resolve));
    state.running -= 1;
  };
  return { task, ends, state };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe("a FairQueue", () => {
  it("runs no more tasks at once than it allows, of one namespace and of all", async () => {
    const { task, ends, state } = endless();
    const queue = new FairQueue({ atOnce: 3, atOnceOfNamespace: 2 });
    const all = ["a", "a", "a", "b", "b"].map((namespace) => queue.run(namespace, task));
    await soon();
    expect(state.running).to.equal(3);
    for (let ended = 0; ended < 5; ended += 1) {
      ends.shift()?.();
      await soon();
    }
    await Promise.all(all);
    expect(state.most).to.equal(3);
  });

  it("remembers the tasks of a namespace until the last one has ended", async () => {
    const { task, ends, state } = endless();
    const queue = new FairQueue({ atOnce: 10, atOnceOfNamespace: 2 });
    const first = [queue.run("a", task), queue.run("a", task)];
    await soon();
    ends.shift()?.();
    await first[0];
    const further = [1, 2, 3].map(() => queue.run("a", task));
    await soon();
    expect(state.running).to.equal(2);
    for (let ended = 0; ended < 4; ended += 1) {
      ends.shift()?.();
      await soon();
    }
    await Promise.all([...first, ...further]);
    expect(state.most).to.equal(2);
  });

  it("settles as the task does, and goes on after a failure", async () => {
    const queue = new FairQueue({ atOnce: 1, atOnceOfNamespace: 1 });
    const failure = await queue.run("a", () => Promise.reject(new Error("no"))).catch(String);
    expect(failure).to.equal("Error: no");
    expect(await queue.run("a", () => Promise.resolve(7))).to.equal(7);
  });
});
