// What goes wrong around the operators and when: episodes of faults with quiet between, and when operators die. Pure.
import type { Fault } from "@rolloutguard/simulated-cluster";
import { createDice, type Dice } from "./dice.ts";
import type { Death, Episode, Trouble, Which, Whom } from "./episodes.ts";
import { hides, leavesNobody, planLostRight } from "./lost-rights.ts";

export interface Disturbances {
  readonly episodes: readonly Episode[];
  /** In the order of time. */
  readonly deaths: readonly Death[];
  /** How far the clock of an operator's machine is off at its n-th start (ms), and how fast it runs. */
  readonly clocks: readonly { readonly errorMs: number; readonly rate: number }[];
}

/** How many nodes the cluster has. */
export const NODES = 4;

/** How an operator's requests begin their User-Agent: faults of the API server are for them alone. */
export const OPERATORS = { userAgent: "rolloutguard/" } as const;
const PORTS: Readonly<Record<Which, number>> = { first: 1, second: 2 };

/** The port by which the API server knows an operator's connections. */
export function portOf(which: Which): number {
  return PORTS[which];
}

/** All of it is over at `quietFromMs`, but operators are still ended and started again until shortly before `endMs`. */
export function planDisturbances(seed: number, quietFromMs: number, endMs: number): Disturbances {
  const lost = planLostRight(createDice(seed, "lost rights"), quietFromMs);
  const episodes = planEpisodes(createDice(seed, "episodes"), quietFromMs);
  const deaths = planDeaths(createDice(seed, "deaths"), quietFromMs, endMs);
  return {
    episodes: [...episodes.filter((episode) => !hides(episode, lost)), lost].sort((a, b) => a.atMs - b.atMs),
    deaths: deaths.filter((death) => !leavesNobody(death, lost)),
    clocks: planClocks(createDice(seed, "clocks")),
  };
}

function planEpisodes(dice: Dice, quietFromMs: number): Episode[] {
  const episodes: Episode[] = [];
  let atMs = dice.between(20_000, 40_000);
  while (atMs < quietFromMs) {
    const trouble = planTrouble(dice);
    const isPartial = trouble.is === "partition" && trouble.whom !== "both";
    const untilMs = Math.min(quietFromMs, atMs + dice.between(3_000, isPartial ? 110_000 : 30_000));
    episodes.push({ atMs, untilMs, trouble });
    atMs = untilMs + dice.between(8_000, 40_000);
  }
  return episodes;
}

type Maker = (dice: Dice) => Trouble;

const onWhom = (dice: Dice): Fault["on"] =>
  dice.oneOf<NonNullable<Fault["on"]>>([
    OPERATORS,
    { ...OPERATORS, remotePort: PORTS.first },
    { ...OPERATORS, remotePort: PORTS.second },
  ]);
const whom = (dice: Dice): Whom => dice.oneOf(["first", "second", "both"] as const);
const requestFault =
  (does: (dice: Dice) => Fault["does"], on?: Fault["on"]): Maker =>
  (dice) => ({
    is: "fault",
    fault: { on: { ...onWhom(dice), ...on }, does: does(dice), probability: dice.between(0.05, 0.8) },
  });
const watchFaults =
  (watch: "cut" | "reset" | "end" | "halfLine" | "brokenLine" | "expire"): Maker =>
  (dice) => ({
    is: "faults",
    everyMs: dice.between(500, 10_000),
    fault: { on: onWhom(dice) ?? {}, does: { watch }, forMs: 0, probability: dice.between(0.2, 1) },
  });

const TROUBLES: readonly [Maker, ...Maker[]] = [
  requestFault((dice) => ({
    answer: {
      code: dice.oneOf([409, 429, 500, 503, 504]),
      ...(dice.happens(0.5) && { retryAfterSeconds: 1 }),
    },
  })),
  requestFault(() => ({ cut: "before" })),
  requestFault(() => ({ cut: "after" }), { verb: "write" }),
  requestFault(() => ({ answer: { code: 409 } }), { verb: "write" }),
  requestFault(() => ({ hang: "before" })),
  requestFault(() => ({ hang: "after" }), { verb: "write" }),
  requestFault(() => ({ spoil: "json" })),
  requestFault(() => ({ spoil: "half" })),
  requestFault((dice) => ({ delayMs: dice.between(300, 8_000) })),
  requestFault((dice) => ({ slowMs: dice.between(300, 8_000) })),
  requestFault(() => ({ expireContinue: true })),
  (dice) => ({ is: "fault", fault: { on: onWhom(dice) ?? {}, does: { watch: "freeze" } } }),
  (dice) => ({
    is: "faults",
    everyMs: 60_000,
    fault: { on: onWhom(dice) ?? {}, does: { watch: "die" }, forMs: 0 },
  }),
  (dice) => ({
    is: "fault",
    fault: { on: onWhom(dice) ?? {}, does: { watchDelayMs: dice.between(100, 9_000) } },
  }),
  watchFaults("cut"),
  watchFaults("reset"),
  watchFaults("end"),
  watchFaults("halfLine"),
  watchFaults("brokenLine"),
  watchFaults("expire"),
  () => ({ is: "expiry" }),
  () => ({ is: "restart" }),
  (dice) => ({ is: "partition", whom: whom(dice) }),
  (dice) => ({ is: "partition", whom: whom(dice) }),
  (dice) => ({ is: "lag", whom: whom(dice), upToMs: dice.between(50, 3_000) }),
  (dice) => ({ is: "resets", whom: whom(dice), everyMs: dice.between(200, 8_000) }),
  () => ({ is: "lostNodes", count: 1 }),
  (dice) => ({ is: "lostNodes", count: dice.whole(1, NODES) }),
];

function planTrouble(dice: Dice): Trouble {
  return dice.oneOf(TROUBLES)(dice);
}

const WRITES = [
  "create incidents",
  "patch incidents/status",
  "patch deployments",
  "patch rolloutguards/status",
  "create events",
] as const;

/** So long before the end nobody is ended any more. */
const LAST_DEATH_MS = 60_000;

function planDeaths(dice: Dice, quietFromMs: number, endMs: number): Death[] {
  const deaths: Death[] = [];
  for (const which of ["first", "second"] as const) {
    let atMs = dice.between(30_000, 90_000);
    while (atMs < quietFromMs) {
      const [write, cut] = [dice.oneOf(WRITES), dice.oneOf(["before", "after"] as const)];
      const how: Death["how"] = dice.happens(0.6)
        ? { is: "killAtWrite", write, cut }
        : { is: dice.oneOf(["kill", "kill", "stop"] as const) };
      const restartMs = dice.oneOf([200, 1_000, 3_000, 10_000, 25_000]);
      deaths.push({ atMs, whom: which, how, restartMs });
      atMs += restartMs + dice.between(5_000, 60_000);
    }
    // A restart in the quiet changes no verdict either.
    while (atMs < endMs - LAST_DEATH_MS) {
      deaths.push({
        atMs,
        whom: which,
        how: { is: dice.oneOf(["kill", "stop"] as const) },
        restartMs: 1_000,
      });
      atMs += dice.between(15_000, 60_000);
    }
  }
  return deaths.sort((a, b) => a.atMs - b.atMs);
}

function planClocks(dice: Dice): Disturbances["clocks"] {
  return Array.from({ length: 20 }, () => ({
    errorMs: dice.happens(0.5) ? 0 : Math.round(dice.between(-3_600_000, 3_600_000)),
    rate: dice.between(0.999, 1.001),
  }));
}
