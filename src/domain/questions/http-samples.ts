// What HTTP checks ask: some new pods, and some of the revision that they are compared with. Pure.
import { millisecondsOf } from "../../api/duration.ts";
import type { HttpCheck } from "../../api/http-check.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { HttpSampleQuestion } from "../snapshot/question.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { printOf } from "./print-of.ts";
import { askedPod, nextWarmAt, type WarmPod, warmNewPods, warmOldPods } from "./sampled-pods.ts";
import { REMEMBER_MS, samplingIntervalMs, TRIAL_MS } from "./sampling-times.ts";

const MOST_NEW = 5;
const MOST_OLD = 3;

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
  return http.map(({ initialDelay }) => nextWarmAt(rollout, millisecondsOf(initialDelay), now));
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
  const delayMs = millisecondsOf(check.initialDelay);
  const asked = (warm: readonly WarmPod[], of: RevisionView, most: number) =>
    warm.slice(0, most).map(({ pod }) => askedPod(pod, of));
  const newPods = asked(warmNewPods(rollout, delayMs, now), revision, MOST_NEW);
  if (newPods.length === 0) return undefined;
  return {
    ask: "httpSample",
    key: `httpSample ${check.name} ${printOf([check.path, check.port, check.scheme, check.method, check.host, check.headers, check.expect])} ${revision.hash}`,
    for: "decide",
    maxAgeMs: samplingIntervalMs(rollout, check, now),
    rememberMs: REMEMBER_MS,
    check,
    new: newPods,
    old: baseline ? asked(warmOldPods(rollout, delayMs, now), baseline, MOST_OLD) : [],
  };
}
