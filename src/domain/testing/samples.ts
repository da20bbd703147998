// What metric and HTTP checks measured, in scenes.
import { withEarlier } from "../questions/earlier-values.ts";
import { httpQuestions } from "../questions/http-samples.ts";
import { metricQuestions, metricTrials } from "../questions/metric-samples.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Answer } from "../snapshot/answer.ts";
import type { HttpAnswer, HttpSample } from "../snapshot/http-sample.ts";
import type { MetricSample, SideCounts } from "../snapshot/metric-sample.ts";
import type { Question } from "../snapshot/question.ts";
import { withSpec } from "./facts.ts";
import { seconds } from "./instants.ts";
import type { Fact } from "./scene.ts";

/** The guard has one metric check, by the share of bad requests. */
export function withMetricCheck(check: object = {}): Fact {
  const ratio = { bad: 'http_requests_total{code=~"5.."}', total: "http_requests_total" };
  return withSpec({ checks: { metrics: [{ name: "errors", ratio, ...check }] } });
}

/** The guard has one HTTP check. */
export function withHttpCheck(check: object = {}): Fact {
  return withSpec({ checks: { http: [{ name: "api", path: "/api/ping", ...check }] } });
}

/** So many bad ones of so many, on each of three pods a third. */
export function side(bad: number, total: number, podCount = 3): SideCounts {
  const part = (all: number, index: number) =>
    Math.floor((all * (index + 1)) / podCount) - Math.floor((all * index) / podCount);
  const pods = Array.from({ length: podCount }, (_, index) => ({
    pod: `pod-${index}`,
    bad: part(bad, index),
    total: part(total, index),
  }));
  return { bad, total, pods };
}

/** A sample of a ratio or a latency. */
export function counts(fresh: SideCounts | "noSeries", old?: SideCounts | "noSeries"): MetricSample {
  return { kind: "counts", new: fresh, old, queries: ["sum by (pod) (increase(…[1m]))"] };
}

/** The first metric check measured this, the newest first, 15 seconds apart; a text is why it could not. */
export function measured(...samples: readonly (MetricSample | string)[]): Fact {
  return answered((rollout, now) => metricQuestions(rollout, now)[0]?.sample, samples, seconds(15));
}

/** The first metric check measured this of the old pods before the rollout. */
export function measuredBefore(sample: MetricSample | string): Fact {
  return answered((rollout, now) => metricQuestions(rollout, now)[0]?.before, [sample], 0);
}

/** The trial of the first metric check, while nothing is rolled out, found this. */
export function tried(sample: MetricSample | string): Fact {
  return answered((rollout) => metricTrials(rollout)[0], [sample], 0);
}

/** The pods gave the first HTTP check these answers, the newest first, 10 seconds apart. */
export function answeredWith(...samples: readonly (readonly HttpAnswer[] | string)[]): Fact {
  const values = samples.map((one): HttpSample | string =>
    typeof one === "string" ? one : { answers: one },
  );
  return answered((rollout, now) => httpQuestions(rollout, now)[0]?.sample, values, seconds(10));
}

/** Each of the pods of a side answers so. */
export function answersOf(
  which: "new" | "old",
  count: number,
  answer: Partial<HttpAnswer> = {},
): readonly HttpAnswer[] {
  return Array.from({ length: count }, (_, index) => ({
    pod: `${which}-${index}`,
    side: which,
    class: "ok" as const,
    durationMs: 20,
    ...answer,
  }));
}

function answered(
  question: (rollout: Rollout, now: number) => Question | undefined,
  samples: readonly unknown[],
  apartMs: number,
): Fact {
  return (scene) => ({
    ...scene,
    answersTo: [
      ...scene.answersTo,
      (rollout, now) => {
        const asked = question(rollout, now);
        if (asked === undefined) throw new Error("the check asks nothing in this scene");
        const inOrder = samples.toReversed();
        const answer = inOrder.reduce<Answer | undefined>((before, value, index) => {
          const at = now - (inOrder.length - 1 - index) * apartMs;
          const next = typeof value === "string" ? { at, unavailable: value } : { at, value };
          return withEarlier(next, asked, before);
        }, undefined);
        return answer ? { [asked.key]: answer } : {};
      },
    ],
  });
}
