// What HTTP checks ask: some new pods, and some of the revision that they are compared with. Pure.
import { parseDuration } from "../../api/duration.ts";
import type { HttpCheck } from "../../api/http-check.ts";
import { isBakeTimeOver } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { HttpSampleQuestion } from "../snapshot/question.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { printOf } from "./print-of.ts";
import { askedPod, nextWarmAt, type WarmPod, warmNewPods, warmOldPods } from "./sampled-pods.ts";

const MOST_NEW = 5;
const MOST_OLD = 3;
const REMEMBER_MS = 300_000;
/** After the bake time, while something else keeps the revision from being good. */
const SELDOM_MS = 60_000;
/** How often the running pods are asked while nothing is rolled out: to know how they answer before it is needed. */
const TRIAL_MS = 240_000;

/** An HTTP check of the guard, as the rollout asks it; without a question while no new pod is warm. */
export interface HttpQuestions {
  readonly check: HttpCheck;
  readonly sample?: HttpSampleQuestion | undefined;
}

/** What all HTTP checks of the guard ask about the rollout. */
export function httpQuestions(rollout: Rollout, now: number): readonly HttpQuestions[] {
  const { http = [] } = rollout.policy.spec.checks;
  return http.map((check) => ({ check, sample: sampleQuestion(rollout, check, now) }));
}

/** When each of them has one more pod to ask. */
export function nextHttpPodsAt(rollout: Rollout, now: number): readonly (number | undefined)[] {
  const { http = [] } = rollout.policy.spec.checks;
  return http.map(({ initialDelay }) => nextWarmAt(rollout, parseDuration(initialDelay) ?? 0, now));
}

/** What they ask while nothing is rolled out. */
export function httpTrials(rollout: Rollout, now: number): readonly HttpSampleQuestion[] {
  return httpQuestions(rollout, now).flatMap(({ sample }) => {
    if (sample === undefined) return [];
    const { rememberMs: _none, ...trial } = sample;
    return [{ ...trial, key: `${sample.key} at rest`, maxAgeMs: TRIAL_MS, old: [] }];
  });
}

/** The warmest of both sides: their choice stays the same while others become ready. */
function sampleQuestion(rollout: Rollout, check: HttpCheck, now: number): HttpSampleQuestion | undefined {
  const { revision, baseline } = rollout;
  const delayMs = parseDuration(check.initialDelay) ?? 0;
  const asked = (warm: readonly WarmPod[], of: RevisionView, most: number) =>
    warm.slice(0, most).map(({ pod }) => askedPod(pod, of));
  const newPods = asked(warmNewPods(rollout, delayMs, now), revision, MOST_NEW);
  if (newPods.length === 0) return undefined;
  const intervalMs = parseDuration(check.interval) ?? 0;
  return {
    ask: "httpSample",
    key: `httpSample ${check.name} ${printOf([check.path, check.port, check.scheme, check.method, check.host, check.headers, check.expect])} ${revision.hash}`,
    for: "decide",
    maxAgeMs: isBakeTimeOver(rollout, now) ? Math.max(SELDOM_MS, intervalMs) : intervalMs,
    rememberMs: REMEMBER_MS,
    check,
    new: newPods,
    old: baseline ? asked(warmOldPods(rollout, delayMs, now), baseline, MOST_OLD) : [],
  };
}
