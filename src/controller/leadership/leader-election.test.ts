import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import { ManualClock } from "../../kube/testing/manual-clock.ts";
import { createLogRecorder } from "../testing/log-recorder.ts";
import { type CallFate, createSharedLease, type SharedLease } from "../testing/shared-lease.ts";
import { LeaderElection } from "./leader-election.ts";
import { LONGEST_JITTER, released } from "./lease-rules.ts";

const TIMES = { durationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
const LONGEST_PAUSE_MS = TIMES.retryPeriodMs * LONGEST_JITTER;
const STEP_MS = 100;
const T0 = Date.UTC(2026, 0, 1);
const REFUSED = new Error("connect ECONNREFUSED");

interface Instance {
  readonly election: LeaderElection;
  readonly clock: ManualClock;
  /** Each time that it began (true) or ended to act. */
  readonly changes: readonly boolean[];
  readonly lines: ReturnType<typeof createLogRecorder>["lines"];
  /** What becomes of its calls from now on. */
  fate: ((call: "read" | "write") => CallFate) | undefined;
  /** Its process does not run, while its clock goes on. */
  isSuspended: boolean;
}

describe("leader election", () => {
  let lease: SharedLease;
  let instances: Instance[];

  beforeEach(() => {
    lease = createSharedLease();
    instances = [];
  });

  afterEach(async () => {
    const stopping = instances.map(({ election }) => election.stop({ release: false }));
    await pass(0);
    await Promise.all(stopping);
  });

  /** Starts one; `clockAt` is what its clock says at the beginning. */
  async function start(identity: string, { clockAt = T0, chance = 0.5 } = {}): Promise<Instance> {
    const clock = new ManualClock(clockAt);
    const changes: boolean[] = [];
    const { logger, lines } = createLogRecorder();
    const access = lease.accessOf((call) => instance.fate?.(call));
    const election = new LeaderElection({
      lease: access,
      identity,
      times: TIMES,
      clock,
      logger,
      chance: () => chance,
      onChange: (isLeading) => changes.push(isLeading),
    });
    const instance: Instance = { election, clock, changes, lines, fate: undefined, isSuspended: false };
    instances.push(instance);
    election.start();
    await pass(0);
    return instance;
  }

  /** Lets time pass for all, in small steps, and sees to it that never two lead. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed <= ms; passed += STEP_MS) {
      for (const { clock, isSuspended } of instances) {
        const step = passed === 0 ? 0 : STEP_MS;
        if (isSuspended) clock.freeze(step);
        else clock.advance(step);
      }
      for (let turns = 0; turns < 5; turns++) await turn();
      expect(instances.filter(({ election }) => election.isLeading).length, "leaders").to.be.at.most(1);
    }
  }

  const infos = ({ lines }: Instance) =>
    lines.filter(({ level }) => level !== "debug").map(({ message }) => message);

  it("lets the first that comes lead, and tells the others who does", async () => {
    const a = await start("a");
    const b = await start("b");
    await pass(60_000);
    expect([a.changes, b.changes]).to.deep.equal([[true], []]);
    expect(a.election.isLeading).to.equal(true);
    expect(lease.record()).to.include({ holder: "a", transitions: 0, durationMs: 15_000 });
    expect(infos(a)).to.deep.equal(["started leading: acquired Lease operators/rolloutguard"]);
    expect(infos(b)).to.deep.equal(["standing by: a holds Lease operators/rolloutguard"]);
  });

  it("renews after one to 1.2 retry periods, with one request", async () => {
    let calls = 0;
    const a = await start("a", { chance: 0.999 });
    a.fate = () => {
      calls += 1;
      return undefined;
    };
    await pass(24_000);
    expect(calls).to.equal(10);
  });

  it("passes on to another when the holder is gone, not before the duration is over, and counts it", async () => {
    const a = await start("a");
    const b = await start("b");
    await pass(10_000);
    a.isSuspended = true;
    await pass(TIMES.durationMs - LONGEST_PAUSE_MS);
    expect(b.election.isLeading).to.equal(false);
    await pass(3 * LONGEST_PAUSE_MS);
    expect(b.election.isLeading).to.equal(true);
    expect(lease.record()).to.include({ holder: "b", transitions: 1 });
    expect(infos(b).at(-1)).to.equal(
      "started leading: acquired Lease operators/rolloutguard, previously held by a",
    );
  });

  it("ends for a holder that was suspended before it does anything else, and another goes on", async () => {
    const a = await start("a");
    const b = await start("b");
    await pass(5_000);
    a.isSuspended = true;
    await pass(60_000);
    expect(b.election.isLeading).to.equal(true);
    a.isSuspended = false;
    // No timer has fired yet, and nothing was asked: the clock alone says so.
    expect(a.election.isLeading).to.equal(false);
    await pass(10_000);
    expect([a.changes, b.changes]).to.deep.equal([[true, false], [true]]);
    expect(infos(a).at(-1)).to.contain("b holds Lease");
    expect(lease.writers.slice(lease.writers.indexOf("b"))).to.not.include("a");
  });

  for (const [trouble, fate] of [
    ["refuses connections", { fails: REFUSED, isCarriedOut: false }],
    ["never answers", { hangs: true }],
  ] as const) {
    it(`ends at the renew deadline where the API server ${trouble}, and comes back with it`, async () => {
      const a = await start("a");
      await pass(1_000);
      const renewed = Number(lease.record()?.renewedAt);
      a.fate = () => fate;
      await pass(renewed + TIMES.renewDeadlineMs - a.clock.now() - STEP_MS);
      expect(a.election.leftMs()).to.be.within(1, STEP_MS);
      await pass(STEP_MS);
      expect(a.changes).to.deep.equal([true, false]);
      expect(infos(a).at(-1)).to.contain("not renewed within 10s");
      a.fate = undefined;
      await pass(TIMES.renewDeadlineMs);
      expect(a.changes, "it is still its own: nobody took it").to.deep.equal([true, false, true]);
      expect(lease.record()?.transitions).to.equal(0);
    });
  }

  it("has ended at a holder that is cut off before another begins", async () => {
    const a = await start("a");
    const b = await start("b");
    await pass(7_000);
    a.fate = () => ({ hangs: true });
    await pass(TIMES.durationMs + 2 * LONGEST_PAUSE_MS);
    expect([a.changes, b.changes]).to.deep.equal([[true, false], [true]]);
  });

  it("tells a failure that lasts once", async () => {
    const a = await start("a");
    a.fate = () => ({ fails: REFUSED, isCarriedOut: false });
    await pass(60_000);
    expect(infos(a).filter((line) => line.includes("ECONNREFUSED"))).to.have.lengthOf(1);
  });

  it("goes on when only the answer to a renewal was lost", async () => {
    const a = await start("a");
    let losses = 0;
    a.fate = (call) => {
      if (call === "read" || losses++ > 0) return undefined;
      return { fails: REFUSED, isCarriedOut: true };
    };
    await pass(20_000);
    expect(losses).to.be.greaterThan(1);
    expect(a.changes).to.deep.equal([true]);
  });

  it("begins when the answer to the first write was lost, by the identity that it reads there", async () => {
    lease.change({ ...heldByNone(), holder: "x", durationMs: 1_000 });
    const a = await start("a");
    let losses = 0;
    a.fate = (call) => {
      if (call === "read" || losses++ > 0) return undefined;
      return { fails: REFUSED, isCarriedOut: true };
    };
    await pass(10_000);
    expect(a.changes).to.deep.equal([true]);
    expect(lease.record()).to.include({ holder: "a", transitions: 1 });
  });

  it("ends at once when another is found to hold the Lease", async () => {
    const a = await start("a");
    lease.change({ ...heldByNone(), holder: "x" });
    await pass(LONGEST_PAUSE_MS + STEP_MS);
    expect(a.changes).to.deep.equal([true, false]);
    expect(infos(a).at(-1)).to.contain("now held by x");
    expect(lease.record()?.holder, "a conflict loses").to.equal("x");
  });

  it("lets one of two win that try at the same moment", async () => {
    const a = await start("a");
    const [b, c] = [await start("b"), await start("c")];
    a.isSuspended = true;
    await pass(30_000);
    expect([...b.changes, ...c.changes]).to.deep.equal([true]);
    expect(lease.record()?.transitions).to.equal(1);
  });

  for (const [how, skewMs] of [
    ["an hour ahead of", 3_600_000],
    ["an hour behind", -3_600_000],
  ] as const) {
    it(`does not mind a standby whose clock is ${how} the holder's`, async () => {
      const a = await start("a");
      const b = await start("b", { clockAt: T0 + skewMs });
      await pass(60_000);
      expect(b.election.isLeading).to.equal(false);
      a.isSuspended = true;
      await pass(TIMES.durationMs + 2 * LONGEST_PAUSE_MS);
      expect(b.election.isLeading).to.equal(true);
    });
  }

  it("hands over when it is stopped cleanly: the next begins at its next look", async () => {
    const a = await start("a");
    const b = await start("b");
    await pass(5_000);
    const stopped = a.election.stop({ release: true });
    expect(a.election.isLeading).to.equal(false);
    await stopped;
    expect(lease.record()).to.include({ holder: "", durationMs: 1_000 });
    expect(infos(a).at(-1)).to.contain("released Lease");
    await pass(LONGEST_PAUSE_MS);
    expect(b.changes).to.deep.equal([true]);
    expect(lease.record()).to.include({ holder: "b", transitions: 1 });
  });

  it("hands nothing over while something that it sent may still be under way", async () => {
    const a = await start("a");
    await a.election.stop({ release: false });
    expect(lease.record()).to.include({ holder: "a" });
  });

  it("does not release what another holds by now", async () => {
    const a = await start("a");
    lease.change({ ...heldByNone(), holder: "x" });
    await a.election.stop({ release: true });
    expect(lease.record()?.holder).to.equal("x");
  });

  it("never begins for one that is stopped while its first write is under way, and is free afterwards", async () => {
    lease.change({ ...heldByNone(), holder: "x", durationMs: 1_000 });
    const a = await start("a");
    const answer = Promise.withResolvers<void>();
    a.fate = (call) => (call === "write" ? { waitsFor: answer.promise } : undefined);
    await pass(4 * STEP_MS + LONGEST_PAUSE_MS);
    const stopping = a.election.stop({ release: true });
    answer.resolve();
    await stopping;
    expect(a.changes).to.not.include(true);
    expect(lease.record()).to.include({ holder: "" });
  });

  it("ends within half a renew deadline when it cannot hand over", async () => {
    const a = await start("a");
    a.fate = () => ({ hangs: true });
    let isStopped = false;
    const stopping = a.election.stop({ release: true }).then(() => {
      isStopped = true;
    });
    await pass(TIMES.renewDeadlineMs / 2);
    expect(isStopped).to.equal(true);
    await stopping;
  });

  it("begins again for one whose Lease was deleted", async () => {
    const a = await start("a");
    lease.change(undefined);
    await pass(3 * LONGEST_PAUSE_MS);
    expect(a.election.isLeading).to.equal(true);
    expect(lease.record()?.holder).to.equal("a");
  });
});

function heldByNone() {
  const record = { holder: "", durationMs: 15_000, acquiredAt: T0, renewedAt: T0, transitions: 0 };
  return { ...released(record, T0), durationMs: 15_000 };
}
