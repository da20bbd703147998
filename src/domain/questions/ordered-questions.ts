// All questions, and when each is asked. Pure.
import type { Rollout } from "../rollout/rollout.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { Question } from "../snapshot/question.ts";
import { networkPoliciesQuestion } from "./network-policies.ts";
import { podEventsQuestion } from "./pod-events.ts";
import { podLogQuestion } from "./pod-log.ts";

/** What it depends on whether a rollout fails, or a rollback is verified. */
export function questionsToDecide(rollout: Rollout): readonly Question[] {
  return [podEventsQuestion(rollout) ?? []].flat();
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
