// The life of one application: how it is guarded, and what people do to it and when. Pure.
import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import { createDice, type Dice } from "./dice.ts";
import { type Meddler, planInjection, planMeddler } from "./meddlers.ts";
import { planRefusal, type Refusal } from "./refusals.ts";
import { planTrait, type Trait } from "./traits.ts";
import { badVersion, goodVersion, type PlannedVersion, startMs, type VersionContext } from "./versions.ts";

/** What somebody does, `atMs` after the beginning. */
export type Step = { readonly atMs: number } & (
  | { readonly do: "ship"; readonly tag: string }
  | { readonly do: "restart" }
  /** `kubectl rollout undo` to the last good version, by a person. */
  | { readonly do: "undo"; readonly tag: string }
  | { readonly do: "scale"; readonly replicas: number }
  | { readonly do: "pause"; readonly isPaused: boolean }
  | { readonly do: "veto"; readonly isSet: boolean }
  | { readonly do: "losePods"; readonly share: number; readonly how: "delete" | "evict" }
  | { readonly do: "deleteDeployment" }
  | { readonly do: "deleteGuard" }
  | { readonly do: "createGuard" }
);

export interface GuardPlan {
  readonly mode: "Rollback" | "Observe";
  readonly bakeTimeMs: number;
  /** Undefined: Auto. */
  readonly patienceMs: number | undefined;
  readonly rollbackTo: "LastGood" | "Previous";
  readonly namesServices: boolean;
  readonly maxRollbacks: number;
  readonly windowMs: number;
  readonly cooldownMs: number;
  readonly incidentHistoryLimit: number;
}

const HOUR_MS = 3_600_000;
/** Short, so that Incidents are old enough to be cleared away within a run. */
const SHORT_MS = 60_000;

export interface ApplicationPlan {
  readonly namespace: string;
  readonly name: string;
  readonly guard: GuardPlan;
  readonly trait: Trait;
  /** Undefined: nobody else changes the Deployment. */
  readonly meddler?: Meddler | undefined;
  /** Undefined: operators may always change the Deployment. */
  readonly refusal?: Refusal | undefined;
  /** The Deployment's spec beside its template. */
  readonly deployment: Partial<Deployment["spec"]>;
  readonly replicas: number;
  readonly versions: readonly PlannedVersion[];
  /** In the order of time. */
  readonly steps: readonly Step[];
}

export interface Times {
  /** Nobody does anything from then on (ms after the beginning). */
  readonly quietFromMs: number;
}

const MOST_REPLICAS = 5;
const FIRST_CHAPTER_MS = 75_000;
/** After so long it is known how an application is while nothing is rolled out. */
const KNOWN_MS = 250_000;
/** No chapter takes longer, or there would be but one in a run. */
const LONGEST_WAIT_MS = 300_000;

export function planApplication(
  seed: number,
  namespace: string,
  name: string,
  times: Times,
): ApplicationPlan {
  const dice = createDice(seed, `${namespace}/${name}`);
  const guard = planGuard(dice);
  const trait = planTrait(dice, times.quietFromMs);
  const { replicas } = trait;
  const writer = new ChapterWriter(dice, guard, { name, replicas, trait }, times);
  writer.write();
  return {
    namespace: trait.podQuota === undefined ? namespace : `${namespace}-${name}`,
    name,
    guard,
    trait,
    meddler:
      planMeddler(createDice(seed, `${namespace}/${name} meddler`), times.quietFromMs) ??
      planInjection(createDice(seed, `${namespace}/${name} injection`), times.quietFromMs),
    refusal: planRefusal(createDice(seed, `${namespace}/${name} refusal`), times.quietFromMs),
    deployment: { replicas, ...trait.deployment },
    replicas,
    versions: writer.versions,
    steps: writer.steps.sort((a, b) => a.atMs - b.atMs),
  };
}

function planGuard(dice: Dice): GuardPlan {
  return {
    mode: dice.happens(0.06) ? "Observe" : "Rollback",
    bakeTimeMs: dice.oneOf([10_000, 20_000, 30_000, 60_000]),
    patienceMs: dice.oneOf([undefined, undefined, undefined, 50_000, 70_000]),
    rollbackTo: dice.happens(0.15) ? "Previous" : "LastGood",
    namesServices: dice.happens(0.3),
    ...dice.oneOf([
      { maxRollbacks: 20, windowMs: SHORT_MS, cooldownMs: 0 },
      { maxRollbacks: 20, windowMs: HOUR_MS, cooldownMs: 0 },
      { maxRollbacks: 20, windowMs: SHORT_MS, cooldownMs: 30_000 },
      { maxRollbacks: 3, windowMs: HOUR_MS, cooldownMs: 300_000 },
      { maxRollbacks: 1, windowMs: HOUR_MS, cooldownMs: 0 },
    ]),
    incidentHistoryLimit: dice.oneOf([20, 20, 2, 1]),
  };
}

/** Writes one chapter after another, each with time enough for what it begins. */
class ChapterWriter {
  readonly versions: PlannedVersion[] = [];
  readonly steps: Step[] = [];
  readonly #dice: Dice;
  readonly #context: VersionContext;
  readonly #guard: GuardPlan;
  readonly #times: Times;
  #now = 0;
  #slowestMs = 0;
  /** The last good version that was shipped and had time to become good. */
  #good = "";
  #wasBadBefore = false;

  constructor(
    dice: Dice,
    guard: GuardPlan,
    application: Pick<VersionContext, "name" | "replicas" | "trait">,
    times: Times,
  ) {
    this.#dice = dice;
    this.#guard = guard;
    this.#context = { ...application, patienceMs: guard.patienceMs, bakeTimeMs: guard.bakeTimeMs };
    this.#times = times;
  }

  write(): void {
    const dice = this.#dice;
    this.#now = dice.between(0, 15_000);
    this.#shipGood();
    const isKnownLate = this.#context.trait.is === "activePassive";
    this.#now = (isKnownLate ? KNOWN_MS : FIRST_CHAPTER_MS) + dice.between(0, 40_000);
    while (this.#now < this.#times.quietFromMs) {
      if (dice.happens(0.62)) this.#badChapter();
      else this.#goodChapter();
      this.#now += dice.between(5_000, 25_000);
    }
  }

  #badChapter(): void {
    const dice = this.#dice;
    const bad = this.#make("bad");
    const chapters: readonly [() => void, ...(() => void)[]] = [
      () => this.#await(bad),
      () => this.#await(bad),
      () => this.#await(bad),
      () => {
        this.#await(bad);
        this.#ship(bad.tag);
        this.#await(bad);
      },
      () => {
        // Mostly in time, sometimes just when the rollback goes out.
        this.#now += dice.between(2_000, bad.conclusiveMs);
        this.#shipGood();
      },
      () => {
        this.#now += dice.between(2_000, bad.conclusiveMs);
        this.#add({ do: "undo", tag: this.#good });
        if (this.#context.trait.is === "startsFromZero")
          this.#add({ do: "scale", replicas: this.#context.replicas });
        this.#now += 30_000;
      },
      () => {
        this.#now += dice.between(2_000, bad.conclusiveMs);
        const next = this.#guard.rollbackTo === "LastGood" ? this.#make("bad") : bad;
        this.#ship(next.tag);
        this.#await(next);
      },
      () => {
        this.#now += dice.between(500, 4_000);
        this.#add({ do: "pause", isPaused: true });
        this.#now += dice.between(5_000, 60_000);
        this.#add({ do: "pause", isPaused: false });
        this.#await(bad);
      },
      () => {
        this.#add({ do: "veto", isSet: true });
        this.#await(bad);
        this.#shipGood();
        this.#add({ do: "veto", isSet: false });
      },
      () => {
        this.#now += dice.between(2_000, bad.conclusiveMs);
        this.#add({ do: "deleteGuard" });
        this.#now += dice.between(1_000, 15_000);
        this.#add({ do: "createGuard" });
        this.#await(bad);
      },
      () => {
        this.#now += dice.between(2_000, bad.conclusiveMs);
        this.#add({ do: "scale", replicas: this.#someReplicas() });
        this.#await(bad);
      },
      () => {
        this.#now += dice.between(2_000, bad.conclusiveMs);
        this.#add({ do: "deleteDeployment" });
        this.#now += dice.between(5_000, 15_000);
        this.#shipGood();
      },
    ];
    this.#ship(bad.tag);
    dice.oneOf(chapters)();
    if (this.#wasBadBefore && this.#isOftenBraked()) this.#shipGood();
    this.#wasBadBefore = true;
  }

  /** A second failure may be held: then somebody ships what works. */
  #isOftenBraked(): boolean {
    const { mode, maxRollbacks, cooldownMs } = this.#guard;
    return mode === "Observe" || maxRollbacks < 20 || cooldownMs > 60_000;
  }

  #goodChapter(): void {
    const dice = this.#dice;
    dice.oneOf([
      () => this.#shipGood(),
      () => this.#shipGood(),
      () => this.#shipGoodAgain(),
      () => {
        this.#add({ do: "restart" });
        this.#now += 40_000;
      },
      () => {
        this.#add({ do: "scale", replicas: this.#someReplicas() });
        this.#now += 20_000;
      },
      () => {
        this.#add({ do: "scale", replicas: 0 });
        this.#now += dice.between(5_000, 30_000);
        this.#add({ do: "scale", replicas: this.#someReplicas() });
        this.#now += 30_000;
      },
      () => {
        this.#add({ do: "losePods", share: dice.oneOf([0.3, 0.5, 1]), how: dice.oneOf(["delete", "evict"]) });
        this.#now += 20_000;
      },
      () => {
        const { tag } = this.#make("good");
        this.#ship(tag);
        this.#now += dice.between(500, 5_000);
        this.#add({ do: "losePods", share: dice.oneOf([0.5, 1]), how: dice.oneOf(["delete", "evict"]) });
        this.#now += 60_000 + this.#guard.bakeTimeMs;
        this.#good = tag;
      },
      () => {
        this.#add({ do: "deleteDeployment" });
        this.#now += dice.between(3_000, 15_000);
        this.#shipGood();
      },
      () => {
        this.#add({ do: "deleteGuard" });
        this.#now += dice.between(1_000, 15_000);
        this.#add({ do: "createGuard" });
        this.#now += 20_000;
      },
      () => {
        const { tag } = this.#make("good");
        this.#ship(tag);
        this.#now += dice.between(500, 5_000);
        this.#add({ do: "pause", isPaused: true });
        this.#now += dice.between(5_000, 40_000);
        this.#add({ do: "pause", isPaused: false });
        this.#now += 60_000 + this.#guard.bakeTimeMs;
        this.#good = tag;
      },
    ])();
  }

  #shipGood(): void {
    const made = this.#make("good");
    this.#ship(made.tag);
    // Two rounds of pods at least.
    this.#now += 20_000 + 2 * startMs(made) + this.#guard.bakeTimeMs + this.#context.trait.roundMs;
    this.#good = made.tag;
  }

  /** One that was good before is rolled out again: it has to prove itself like any other. */
  #shipGoodAgain(): void {
    const former = this.versions.filter(({ truth }) => truth === "good");
    const again = former[this.#dice.whole(0, former.length - 1)];
    if (again === undefined) return;
    this.#ship(again.tag);
    this.#now += 20_000 + 2 * startMs(again) + this.#guard.bakeTimeMs + this.#context.trait.roundMs;
    this.#good = again.tag;
  }

  #ship(tag: string): void {
    this.#add({ do: "ship", tag });
    if (this.#context.trait.is !== "startsFromZero") return;
    this.#now += this.#dice.between(2_000, 15_000);
    this.#add({ do: "scale", replicas: this.#context.replicas });
  }

  #someReplicas(): number {
    const { trait, replicas } = this.#context;
    return this.#dice.whole(1, trait.podQuota === undefined ? MOST_REPLICAS : replicas);
  }

  /** Until it is undone, though nobody is hurt; not for somebody who never comes: then the next chapter begins before. */
  #await({ patientMs }: PlannedVersion): void {
    this.#now += Math.min(patientMs, LONGEST_WAIT_MS) + 30_000;
  }

  #make(truth: "good" | "bad"): PlannedVersion {
    const tag = `v${this.versions.length + 1}`;
    const made =
      truth === "good"
        ? goodVersion(tag, this.#dice, this.#context)
        : badVersion(tag, this.#dice, this.#context, this.#slowestMs);
    if (truth === "good") this.#slowestMs = Math.max(this.#slowestMs, startMs(made));
    this.versions.push(made);
    return made;
  }

  #add(step: Step extends infer S ? (S extends { atMs: number } ? Omit<S, "atMs"> : never) : never): void {
    const { quietFromMs } = this.#times;
    // A guard that was deleted comes back in any case: without one nobody tells how a rollback ended.
    if (this.#now < quietFromMs || step.do === "createGuard")
      this.steps.push({ ...step, atMs: Math.min(this.#now, quietFromMs - 1) } as Step);
  }
}
