// All questions, and when each is asked. Pure.
import type { Rollout } from "../rollout/rollout.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { Question } from "../snapshot/question.ts";
import { httpQuestions, httpTrials, nextHttpPodsAt } from "./http-samples.ts";
import { metricQuestions, metricTrials, nextMetricPodsAt } from "./metric-samples.ts";
import { networkPoliciesQuestion } from "./network-policies.ts";
import { podEventsQuestion } from "./pod-events.ts";
import { podLogQuestion } from "./pod-log.ts";

/** What it depends on whether a rollout fails, or a rollback is verified. */
export function questionsToDecide(rollout: Rollout, now: number): readonly Question[] {
  return [podEventsQuestion(rollout) ?? [], ...sampleQuestions(rollout, now)].flat();
}

/** What metric and HTTP checks measure. */
function sampleQuestions(rollout: Rollout, now: number): readonly Question[] {
  const metrics = metricQuestions(rollout, now).flatMap(({ sample, before }) => [sample, before]);
  const http = httpQuestions(rollout, now).map(({ sample }) => sample);
  return [...metrics, ...http].filter((question) => question !== undefined);
}

/** When there is more to ask about than now, although nothing else happens. */
export function moreToAskAt(rollout: Rollout, now: number): readonly (number | undefined)[] {
  return [...nextMetricPodsAt(rollout, now), ...nextHttpPodsAt(rollout, now)];
}

/** While nothing is rolled out: what the next rollout is compared with, and whether the checks find anything. */
export function questionsAtRest(rollout: Rollout, now: number): readonly Question[] {
  return [...metricTrials(rollout), ...httpTrials(rollout, now)];
}

/**
 * What an Incident that is about to be opened records besides.
 * @param failingPods those that the headline is about; undefined when it is not about single pods
 */
export function questionsToRecord(
  rollout: Rollout,
  failingPods: readonly PodView[] | undefined,
): readonly Question[] {
  return [networkPoliciesQuestion(rollout) ?? [], podLogQuestion(rollout, failingPods) ?? []].flat();
}
