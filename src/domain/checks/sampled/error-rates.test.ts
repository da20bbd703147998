// How metric checks do over many rollouts: false alarms, and what they miss. The seeds are fixed: the numbers in
// docs/quality/metric-checks.md come from here.
import { expect } from "chai";
import { metricCheckSchema } from "../../../api/metric-check.ts";
import type { SideCounts } from "../../snapshot/metric-sample.ts";
import { compare, isSpread, requestsNeeded } from "./counts.ts";

const CHECK = metricCheckSchema.parse({ name: "errors", ratio: { bad: "bad", total: "total" } });
const LOOKS = 20;
const LOOK_S = 15;
const IN_A_ROW = 2;

/** Random numbers in [0, 1) that are the same each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Pod {
  readonly pod: string;
  bad: number;
  total: number;
  /** Callers are uneven: some pods get several times the requests of others. */
  readonly weight: number;
}

class Service {
  readonly #random: () => number;
  readonly #rates: { readonly fresh: number; readonly old: number };
  readonly #requests: number;
  readonly #isRestless: boolean;
  readonly #fresh: readonly Pod[];
  readonly #old: readonly Pod[];

  /** @param worse how many times the error rate of the old pods the new ones have */
  constructor(seed: number, worse: number) {
    this.#random = randomFrom(seed);
    this.#isRestless = worse === 1;
    const old = this.#between(worse === 1 ? 0 : 0.005, 0.05);
    this.#rates = { old, fresh: old * worse };
    this.#requests = this.#between(5, 100);
    this.#fresh = this.#pods(Math.ceil(this.#between(0, 5)));
    this.#old = this.#pods(Math.ceil(this.#between(1, 6)));
  }

  /** A look later. In healthy rollouts, a dependency sometimes fails for all, and a caller sends one pod what it must refuse. */
  look(): { readonly fresh: SideCounts; readonly old: SideCounts } {
    const isFailingForAll = this.#isRestless && this.#random() < 0.05;
    for (const [pods, rate] of [
      [this.#fresh, this.#rates.fresh],
      [this.#old, this.#rates.old],
    ] as const) {
      for (const pod of pods) this.#serve(pod, isFailingForAll ? Math.min(1, rate * 5 + 0.1) : rate);
    }
    const all = [...this.#fresh, ...this.#old];
    const victim = all[Math.floor(this.#random() * all.length)];
    if (victim && this.#isRestless && this.#random() < 0.02) {
      const requests = Math.ceil((this.#requests * victim.weight) / 2);
      victim.bad += requests;
      victim.total += requests;
    }
    return { fresh: sideOf(this.#fresh), old: sideOf(this.#old) };
  }

  /** Of the new pods, by the true rates: the arithmetic limit. */
  requestsNeeded(freshTotal: number, oldTotal: number): number {
    const { fresh, old } = this.#rates;
    const counts = sideOf([{ pod: "all", bad: freshTotal * fresh, total: freshTotal, weight: 1 }]);
    const baseline = { bad: Math.round(oldTotal * old), total: oldTotal, is: "sameTime" } as const;
    return requestsNeeded(CHECK, { ...compare(CHECK, counts, baseline), isWorse: true });
  }

  #serve(pod: Pod, rate: number): void {
    const requests = Math.round(this.#requests * pod.weight * this.#between(0.5, 1.5));
    for (let request = 0; request < requests; request += 1) if (this.#random() < rate) pod.bad += 1;
    pod.total += requests;
  }

  #pods(count: number): readonly Pod[] {
    return Array.from({ length: count }, (_, index) => ({
      pod: `pod-${index}`,
      bad: 0,
      total: 0,
      weight: this.#between(0.2, 2),
    }));
  }

  #between(from: number, to: number): number {
    return from + this.#random() * (to - from);
  }
}

function sideOf(pods: readonly Pod[]): SideCounts {
  const sum = (of: (pod: Pod) => number) => pods.reduce((all, pod) => all + of(pod), 0);
  return {
    bad: sum(({ bad }) => bad),
    total: sum(({ total }) => total),
    pods: pods.map(({ pod, bad, total }) => ({ pod, bad, total })),
  };
}

interface Course {
  /** The look at which it fails. */
  readonly failedAt: number | undefined;
  /** The look from which on so many requests would prove the true difference. */
  readonly enoughAt: number | undefined;
  /** Twice as many. */
  readonly plentyAt: number | undefined;
}

function follow(seed: number, worse: number): Course {
  const service = new Service(seed, worse);
  const sides: SideCounts[] = [];
  let inARow = 0;
  let failedAt: number | undefined;
  let enoughAt: number | undefined;
  let plentyAt: number | undefined;
  for (let look = 1; look <= LOOKS; look += 1) {
    const { fresh, old } = service.look();
    sides.unshift(fresh);
    const comparison = compare(CHECK, fresh, { bad: old.bad, total: old.total, is: "sameTime" });
    inARow = comparison.is === "bad" ? inARow + 1 : 0;
    if (inARow >= IN_A_ROW && isSpread(CHECK, comparison, sides)) failedAt ??= look;
    if (worse === 1) continue;
    const needed = service.requestsNeeded(fresh.total, old.total);
    if (fresh.total >= needed) enoughAt ??= look;
    if (fresh.total >= 2 * needed) plentyAt ??= look;
  }
  return { failedAt, enoughAt, plentyAt };
}

const seeds = (count: number) => Array.from({ length: count }, (_, index) => 1_000 + index);

describe("metric checks over many rollouts", () => {
  it("roll back at most 3 of 1,000 healthy ones", () => {
    const failed = seeds(1_000).filter((seed) => follow(seed, 1).failedAt !== undefined);
    expect(failed.length, `seeds ${failed.join(", ")}`).to.be.at.most(3);
  });

  it("miss none of 500 with five times the errors and enough requests, soon after these are there", () => {
    const courses = seeds(700).map((seed) => follow(seed, 5));
    const plenty = courses.filter(({ plentyAt = LOOKS }) => plentyAt <= LOOKS / 2).slice(0, 500);
    expect(plenty).to.have.length(500);
    expect(plenty.filter(({ failedAt }) => failedAt === undefined)).to.deep.equal([]);
    const median = (numbers: readonly number[]) =>
      [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
    const decidedS = LOOK_S * median(plenty.map(({ failedAt = 0 }) => failedAt));
    const limitS = LOOK_S * median(plenty.map(({ enoughAt = 0 }) => enoughAt));
    expect({ decidedS, limitS }).to.deep.equal({ decidedS: 30, limitS: 15 });
  });
});
