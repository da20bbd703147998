import { expect } from "chai";
import { ClusterClock } from "./cluster-clock.ts";

const HEADER = Date.parse("2026-03-01T12:00:00Z");

function aMachine(wallMs = 1_000_000) {
  let passedMs = 50;
  let wall = wallMs;
  return {
    monotonicMs: () => passedMs,
    wallMs: () => wall,
    pass(ms: number) {
      passedMs += ms;
      wall += ms;
    },
    stepWallClock(ms: number) {
      wall += ms;
    },
  };
}

describe("ClusterClock", () => {
  it("tells the machine's time until it has heard from the cluster", () => {
    const machine = aMachine(1_234_000);
    const clock = new ClusterClock({ local: machine });
    machine.pass(250);
    expect(clock.now()).to.equal(1_234_250);
  });

  it("takes the time of the first answer, earlier or later", () => {
    for (const wallMs of [HEADER - 3_600_000, HEADER + 800, HEADER + 3_600_000]) {
      const clock = new ClusterClock({ local: aMachine(wallMs) });
      clock.learn(HEADER);
      expect(clock.now()).to.equal(HEADER);
    }
  });

  it("is not moved by a step of the machine's wall clock", () => {
    const machine = aMachine();
    const clock = new ClusterClock({ local: machine });
    clock.learn(HEADER);
    machine.stepWallClock(-86_400_000);
    machine.pass(1_500);
    expect(clock.now()).to.equal(HEADER + 1_500);
  });

  it("keeps the largest estimate: a later answer within the same second does not set it back", () => {
    const machine = aMachine();
    const clock = new ClusterClock({ local: machine });
    clock.learn(HEADER);
    machine.pass(900);
    clock.learn(HEADER);
    expect(clock.now()).to.equal(HEADER + 900);
    machine.pass(50);
    clock.learn(HEADER + 1_000);
    expect(clock.now()).to.equal(HEADER + 1_000);
  });

  it("is not set back by an answer that took long", () => {
    const machine = aMachine();
    const clock = new ClusterClock({ local: machine });
    clock.learn(HEADER);
    const sentAt = clock.now();
    machine.pass(20_000);
    clock.learn(HEADER + 200, sentAt);
    expect(clock.now()).to.equal(HEADER + 20_000);
  });

  it("is set back when it leads by more than 5 s, and not when it leads by less", () => {
    const machine = aMachine();
    const clock = new ClusterClock({ local: machine });
    clock.learn(HEADER);
    clock.learn(HEADER - 5_000);
    expect(clock.now()).to.equal(HEADER);
    clock.learn(HEADER - 60_000);
    expect(clock.now()).to.equal(HEADER - 59_000);
  });

  it("runs faster than the machine at a rate above 1", () => {
    const machine = aMachine();
    const clock = new ClusterClock({ local: machine, rate: 60 });
    clock.learn(HEADER);
    machine.pass(1_000);
    expect(clock.now()).to.equal(HEADER + 60_000);
  });

  it("shortens timers by the rate", async () => {
    const clock = new ClusterClock({ rate: 10_000 });
    await new Promise<void>((resolve) => clock.after(60_000, resolve));
  });

  it("does not call back after a timer was cancelled", async () => {
    const clock = new ClusterClock();
    let calls = 0;
    clock.after(1, () => calls++)();
    await new Promise<void>((resolve) => clock.after(20, resolve));
    expect(calls).to.equal(0);
  });

  it("does not fire at once for a delay that no timer can hold", async () => {
    const clock = new ClusterClock();
    let calls = 0;
    const cancel = clock.after(10 ** 12, () => calls++);
    await new Promise<void>((resolve) => clock.after(20, resolve));
    cancel();
    expect(calls).to.equal(0);
  });

  it("refuses a rate that is not above 0, and ignores a header that is no date", () => {
    expect(() => new ClusterClock({ rate: 0 })).to.throw(RangeError, "above 0");
    const clock = new ClusterClock({ local: aMachine(5_000) });
    clock.learn(Number.NaN);
    expect(clock.now()).to.equal(5_000);
  });

  it("measures with a stopwatch that neither the API server nor a step of the wall clock shortens", () => {
    const machine = aMachine();
    const clock = new ClusterClock({ local: machine, rate: 2 });
    const elapsed = clock.stopwatch();
    machine.pass(100);
    clock.learn(HEADER);
    expect(elapsed()).to.deep.equal({ atLeastMs: 200, atMostMs: 200 });
    machine.stepWallClock(-50);
    expect(elapsed()).to.deep.equal({ atLeastMs: 200, atMostMs: 200 });
  });

  it("knows the time that a sleeping machine did not count as time that may have passed", () => {
    const machine = aMachine();
    const elapsed = new ClusterClock({ local: machine }).stopwatch();
    machine.pass(100);
    machine.stepWallClock(60_000);
    expect(elapsed()).to.deep.equal({ atLeastMs: 100, atMostMs: 60_100 });
  });
});
