// Versions of an application that are good or bad for sure, and how long the evidence takes at the most.
import { READINESS, type Version } from "../../testing/shop.ts";
import type { Dice } from "./dice.ts";
import type { Trait } from "./traits.ts";

export type Truth = "good" | "bad";

/** One version, as it is shipped. */
export interface PlannedVersion {
  /** Unique in its application; the image's tag. */
  readonly tag: string;
  readonly kind: string;
  readonly truth: Truth;
  /** Of a bad one: after so long (ms) the cluster shows conclusive evidence, and the patience while service is lost is over. */
  readonly conclusiveMs: number;
  /** Of a bad one: after so long (ms) it is to be undone although nobody has lost anything. */
  readonly patientMs: number;
  readonly version: Version;
}

/** What of the application and of its guard a version depends on. */
export interface VersionContext {
  readonly name: string;
  /** Undefined: Auto. */
  readonly patienceMs: number | undefined;
  readonly bakeTimeMs: number;
  readonly replicas: number;
  readonly trait: Trait;
}

type Recipe = (dice: Dice, context: VersionContext) => Omit<Version, "tag">;

const seconds = (count: number): number => count * 1_000;
const probe = (changes: object) => ({ readinessProbe: { ...READINESS, ...changes } });
/** Half a fixed patience is what a slow start may take. */
const startDelay = (dice: Dice, { patienceMs = seconds(60) }: VersionContext): string =>
  `${dice.whole(4, Math.floor(patienceMs / 2_000))}s`;

/** Never to be rolled back. */
export const GOOD_KINDS: Readonly<Record<string, Recipe>> = {
  plain: () => ({}),
  "slow-start": (dice, context) => ({ env: { START_DELAY: startDelay(dice, context) } }),
  "startup-probe": (dice, context) =>
    context.patienceMs === undefined
      ? {
          env: { START_DELAY: `${dice.whole(30, 60)}s` },
          container: {
            startupProbe: {
              httpGet: { path: "/healthz", port: 8080 },
              periodSeconds: 5,
              failureThreshold: 24,
            },
          },
        }
      : {},
  "crashes-at-first": (dice) => ({
    env: { CRASH: "1", CRASH_TIMES: String(dice.whole(1, 2)), CRASH_AFTER: "1s" },
  }),
  "slow-probe": () => ({ container: probe({ periodSeconds: 5, failureThreshold: 3 }) }),
  "no-probe": () => ({ container: { readinessProbe: undefined } }),
  "init-container": (_dice, { name }) => ({
    pod: {
      initContainers: [
        { name: "migrate", image: `${name}:tools`, env: [{ name: "EXIT_AFTER", value: "5s" }] },
      ],
    },
  }),
  "init-fails-once": (_dice, { name }) => ({
    pod: {
      initContainers: [
        {
          name: "wait",
          image: `${name}:tools`,
          env: [
            { name: "CRASH", value: "1" },
            { name: "CRASH_TIMES", value: "1" },
          ],
        },
      ],
    },
  }),
  sidecar: (_dice, { name }) => ({ sidecars: [{ name: "proxy", image: `${name}:proxy` }] }),
  relabelled: (dice, { name }) => ({
    labels: { app: name, tier: "backend", track: `t${dice.whole(1, 99)}` },
  }),
};

/** Who has to act: nobody else (`mistake`), perhaps the maker of an object, the release's own start, or somebody expected. */
type Evidence = "mistake" | "missingObject" | "behaviour" | "expected";

/** So much longer is waited while nobody is hurt; whoever is expected has until the Deployment's own deadline. */
const PATIENT_MS: Readonly<Record<Evidence, number>> = {
  mistake: 0,
  missingObject: seconds(120),
  behaviour: seconds(180),
  expected: seconds(600),
};

/** Whoever is expected has three minutes also while service is lost. */
const EXPECTED_MS = seconds(180);

interface BadRecipe {
  readonly make: Recipe;
  readonly evidence: Evidence;
  /** Beside what fixed patience or slow good versions add. */
  readonly conclusiveMs: number;
  /** Whether it fails as pods that run and do not become ready: then patience counts. */
  readonly isUnready?: true;
}

/** Always to be rolled back. */
export const BAD_KINDS: Readonly<Record<string, BadRecipe>> = {
  "wrong-port": {
    make: () => ({ container: probe({ httpGet: { path: "/healthz", port: 81 } }) }),
    evidence: "behaviour",
    conclusiveMs: seconds(60),
    isUnready: true,
  },
  "health-500": {
    make: () => ({ env: { HEALTH: "500" } }),
    evidence: "behaviour",
    conclusiveMs: seconds(75),
    isUnready: true,
  },
  "never-listens": {
    make: () => ({ env: { START_DELAY: "3600s" } }),
    evidence: "behaviour",
    conclusiveMs: seconds(120),
    isUnready: true,
  },
  crash: {
    make: (dice) => ({
      env: { CRASH: "1", CRASH_AFTER: `${dice.whole(0, 4)}s`, EXIT_MESSAGE: "no such table" },
    }),
    evidence: "behaviour",
    conclusiveMs: seconds(90),
  },
  "crash-without-probe": {
    make: (dice) => ({
      env: { CRASH: "1", CRASH_AFTER: `${dice.whole(1, 6)}s` },
      container: { readinessProbe: undefined },
    }),
    evidence: "behaviour",
    conclusiveMs: seconds(110),
  },
  "ends-well-at-once": {
    make: () => ({ env: { EXIT_AFTER: "2s" } }),
    evidence: "behaviour",
    conclusiveMs: seconds(100),
  },
  "missing-variable": {
    make: () => ({ env: { REQUIRED_ENV: "DATABASE_URL" } }),
    evidence: "behaviour",
    conclusiveMs: seconds(90),
  },
  oom: { make: () => ({ env: { OOM_AFTER: "2s" } }), evidence: "behaviour", conclusiveMs: seconds(95) },
  "liveness-wrong": {
    make: () => ({
      container: {
        livenessProbe: { httpGet: { path: "/alive", port: 82 }, periodSeconds: 2, failureThreshold: 2 },
      },
    }),
    evidence: "behaviour",
    conclusiveMs: seconds(130),
  },
  "missing-secret": {
    make: () => ({
      container: {
        env: [{ name: "DB", valueFrom: { secretKeyRef: { name: "nowhere", key: "url" } } }],
      },
    }),
    evidence: "missingObject",
    conclusiveMs: seconds(60),
  },
  "missing-key": {
    make: () => ({
      container: {
        env: [{ name: "DB", valueFrom: { secretKeyRef: { name: "shared", key: "no-such-key" } } }],
      },
    }),
    evidence: "mistake",
    conclusiveMs: seconds(60),
  },
  "missing-volume": {
    make: () => ({ pod: { volumes: [{ name: "settings", configMap: { name: "nowhere" } }] } }),
    evidence: "missingObject",
    conclusiveMs: seconds(100),
  },
  "image-missing": {
    // The tag is put in later, with the image's name.
    make: () => ({ container: { image: "missing.invalid/app" } }),
    evidence: "mistake",
    conclusiveMs: seconds(60),
  },
  "command-missing": {
    make: () => ({ env: { COMMAND_MISSING: "1" } }),
    evidence: "mistake",
    conclusiveMs: seconds(90),
  },
  "label-lost": {
    make: (_dice, { name }) => ({ labels: { app: name } }),
    evidence: "mistake",
    conclusiveMs: seconds(90),
  },
  "init-fails": {
    make: (_dice, { name }) => ({
      pod: {
        initContainers: [{ name: "migrate", image: `${name}:tools`, env: [{ name: "CRASH", value: "1" }] }],
      },
    }),
    evidence: "behaviour",
    conclusiveMs: seconds(95),
  },
  "sidecar-crash": {
    make: (_dice, { name }) => ({
      sidecars: [{ name: "proxy", image: `${name}:proxy`, env: [{ name: "CRASH", value: "1" }] }],
    }),
    evidence: "behaviour",
    conclusiveMs: seconds(95),
  },
  unschedulable: {
    make: () => ({ container: { resources: { requests: { cpu: "5000" } } } }),
    evidence: "expected",
    conclusiveMs: EXPECTED_MS + seconds(40),
  },
  "over-quota": {
    make: () => ({ container: { resources: { requests: { "ephemeral-storage": "1Ti" } } } }),
    evidence: "expected",
    conclusiveMs: EXPECTED_MS + seconds(45),
  },
  flaps: {
    make: () => ({ env: { FAIL_AFTER: "10s", FAIL_FOR: "15s", FAIL_EVERY: "30s" } }),
    evidence: "behaviour",
    conclusiveMs: seconds(150),
  },
  "degrades-later": {
    make: () => ({ env: { FAIL_AFTER: "20s" } }),
    evidence: "behaviour",
    conclusiveMs: seconds(110),
    isUnready: true,
  },
};

/** Without a probe every pod is ready, whoever holds the Lease. */
const UNPROBED: ReadonlySet<string> = new Set(["no-probe", "crash-without-probe"]);

/** The bake time that a bad kind takes to show itself: within a shorter one it would be good. */
const SHOWS_AFTER_MS: Readonly<Record<string, number>> = {
  "degrades-later": seconds(60),
  flaps: seconds(30),
};

function possibleKinds(kinds: object, { trait, bakeTimeMs }: VersionContext): [string, ...string[]] {
  return Object.keys(kinds).filter(
    (kind) =>
      bakeTimeMs >= (SHOWS_AFTER_MS[kind] ?? 0) && !(trait.is === "activePassive" && UNPROBED.has(kind)),
  ) as [string, ...string[]];
}

/** With what the application's trait puts into every version. */
function withTrait(made: Omit<Version, "tag">, { trait, name }: VersionContext): Omit<Version, "tag"> {
  return trait.is === "activePassive" ? { ...made, env: { ...made.env, LEASE: `${name}-lock` } } : made;
}

export function goodVersion(tag: string, dice: Dice, context: VersionContext): PlannedVersion {
  const kind = dice.happens(0.35) ? "plain" : dice.oneOf(possibleKinds(GOOD_KINDS, context));
  const recipe = GOOD_KINDS[kind];
  if (recipe === undefined) throw new Error(`there is no good kind ${kind}`);
  return {
    tag,
    kind,
    truth: "good",
    conclusiveMs: 0,
    patientMs: 0,
    version: { tag, ...recipe(dice, context) },
  };
}

/** `slowestMs`: the longest that a good version of this application takes to start; Auto learns from it. */
export function badVersion(
  tag: string,
  dice: Dice,
  context: VersionContext,
  slowestMs: number,
): PlannedVersion {
  const kind = dice.oneOf(possibleKinds(BAD_KINDS, context));
  const recipe = BAD_KINDS[kind];
  if (recipe === undefined) throw new Error(`there is no bad kind ${kind}`);
  const made = withTrait(recipe.make(dice, context), context);
  const image = made.container?.image;
  const container = image === undefined ? made.container : { ...made.container, image: `${image}:${tag}` };
  const traitMs = context.trait.roundMs;
  const patience = recipe.isUnready ? (context.patienceMs ?? Math.max(0, 2 * slowestMs - seconds(40))) : 0;
  const conclusiveMs = recipe.conclusiveMs + patience + traitMs;
  // What the guard says itself is obeyed as written.
  const isExplicit = recipe.isUnready && context.patienceMs !== undefined;
  return {
    tag,
    kind,
    truth: "bad",
    conclusiveMs,
    patientMs: conclusiveMs + (isExplicit ? 0 : PATIENT_MS[recipe.evidence]),
    version: { tag, ...made, ...(container && { container }) },
  };
}

/** How long a version takes to start, as far as Auto may learn from it. */
export function startMs({ version }: PlannedVersion): number {
  const delay = /^(\d+)s$/.exec(version.env?.["START_DELAY"] ?? "")?.[1];
  return seconds(Number(delay ?? 0) + 10);
}
