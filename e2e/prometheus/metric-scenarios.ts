// What metric checks must find, and what they must leave alone, with real traffic and a real Prometheus.
import type { Scenario } from "../scenarios/scenario.ts";
import type { Telling } from "../scenarios/story/story.ts";
import { SHOP, type Version } from "../testing/shop.ts";

export interface MetricScenario {
  readonly scenario: Scenario;
  /** What its callers send, of the whole shop. */
  readonly perSecond: number;
}

const UNRECORDED = "recordings are made on clusters without Prometheus";
/** Enough to decide within seconds. */
const BUSY = 12;

/** As short as a run on a real cluster needs; the rest is as users get it by default. */
const SOON = { interval: "5s", initialDelay: "5s" };
const ERRORS = {
  name: "errors",
  ratio: { bad: 'http_requests_total{code=~"5.."}', total: "http_requests_total" },
  ...SOON,
};
const SLOW = { name: "slow", latency: { histogram: "http_request_duration_seconds", above: "1s" }, ...SOON };

/** So long the first version runs under traffic, for Prometheus to know it. */
const BEFORE_MS = 20_000;
/** A volume that outlives a container, where it counts its starts. */
const WITH_STATE = {
  pod: { volumes: [{ name: "state", emptyDir: {} }] },
  container: { volumeMounts: [{ name: "state", mountPath: "/state" }] },
};

function leftAlone(
  name: string,
  title: string,
  perSecond: number,
  play: (story: Telling) => Promise<void>,
): MetricScenario {
  return {
    perSecond,
    scenario: {
      name,
      title,
      kind: "leftAlone",
      unrecorded: UNRECORDED,
      async play(story) {
        await play(story);
        await story.then.leftAlone();
      },
    },
  };
}

/** Runs the first version under traffic for long enough to know its numbers, and ships the second. */
async function ships(
  { given, when, pass }: Telling,
  { before = {}, after = {} }: { readonly before?: Version["env"]; readonly after?: Version["env"] },
  ...metrics: readonly object[]
): Promise<void> {
  await given.aGuardedApplication({ tag: "v1", env: before }, SHOP, { metrics });
  await pass(BEFORE_MS);
  await when.shipped({ tag: "v2", env: after });
}

export const METRIC_SCENARIOS = ({ cutOff }: { readonly cutOff: () => void }): readonly MetricScenario[] => [
  {
    perSecond: BUSY,
    scenario: {
      name: "metrics-errors",
      title: "to a version that fails for a fifth of its callers",
      kind: "fails",
      reason: "MetricsWorse",
      unrecorded: UNRECORDED,
      async play(story) {
        await ships(story, { after: { ERROR_RATE: "0.2" } }, ERRORS);
        await story.then.rolledBack({ reason: "MetricsWorse", class: "ErrorRateHigher", cause: /%/ });
      },
    },
  },
  {
    perSecond: BUSY,
    scenario: {
      name: "metrics-slow",
      title: "to a version that answers after 4 s instead of 20 ms",
      kind: "fails",
      reason: "AnswersSlow",
      unrecorded: UNRECORDED,
      async play(story) {
        await ships(story, { before: { LATENCY: "20ms" }, after: { LATENCY: "4s" } }, SLOW);
        await story.then.rolledBack({ reason: "AnswersSlow", class: "AnswersSlower", cause: /%/ });
      },
    },
  },
  leftAlone("metrics-both-fail", "when both versions fail for a fifth of their callers", BUSY, (story) =>
    ships(story, { before: { ERROR_RATE: "0.2" }, after: { ERROR_RATE: "0.2" } }, ERRORS),
  ),
  leftAlone("metrics-no-traffic", "when nobody calls", 0, (story) =>
    ships(story, { after: { ERROR_RATE: "1" } }, ERRORS),
  ),
  leftAlone("metrics-low-traffic", "when there are too few calls to decide", 0.05, (story) =>
    ships(story, { after: { ERROR_RATE: "0.5" } }, ERRORS),
  ),
  leftAlone(
    "metrics-source-down",
    "when the source is gone as soon as the rollout begins",
    BUSY,
    async (story) => {
      await ships(story, { after: { ERROR_RATE: "0.2" } }, { ...ERRORS, source: "fragile" });
      cutOff();
    },
  ),
  leftAlone("metrics-nan", "when a query returns NaN", BUSY, (story) =>
    ships(story, {}, { name: "share", query: "vector(0) / vector(0)", max: 0, ...SOON }),
  ),
  leftAlone("metrics-reset", "when counters begin again because containers restart", BUSY, async (story) => {
    const metrics = [ERRORS];
    await story.given.aGuardedApplication({ tag: "v1" }, SHOP, { metrics });
    await story.pass(BEFORE_MS);
    const env = { CRASH: "1", CRASH_AFTER: "20s", CRASH_TIMES: "1", STARTS_FILE: "/state/starts" };
    await story.when.shipped({ tag: "v2", env, ...WITH_STATE });
  }),
  leftAlone("metrics-slower", "to a version that is slower within its limit", BUSY, (story) =>
    ships(story, { before: { LATENCY: "20ms" }, after: { LATENCY: "400ms" } }, SLOW),
  ),
  leftAlone("metrics-slow-start", "to a version whose first seconds are full of errors", BUSY, (story) =>
    ships(story, { after: { ERROR_RATE: "0.5", ERROR_FOR: "10s" } }, { ...ERRORS, initialDelay: "20s" }),
  ),
];
