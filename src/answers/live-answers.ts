// The answer port over the API server: an adapter for each kind of question.
import type { Ask, Question } from "../domain/snapshot/question.ts";
import type { Adapter, AnswerSources } from "./adapter.ts";
import type { AnswerPort } from "./answer-port.ts";
import { httpSample } from "./http-sample.ts";
import { metricSample } from "./metric-sample.ts";
import { networkPolicies } from "./network-policies.ts";
import { podEvents } from "./pod-events.ts";
import { podLog } from "./pod-log.ts";

const ADAPTERS: { readonly [A in Ask]: Adapter<A> } = {
  podLog,
  networkPolicies,
  podEvents,
  metricSample,
  httpSample,
};

export interface LiveAnswersOptions extends AnswerSources {
  /** A question could not be answered, and why. */
  readonly onUnavailable?: ((question: Question, error: unknown) => void) | undefined;
}

export function createLiveAnswers({ onUnavailable, ...sources }: LiveAnswersOptions): AnswerPort {
  return {
    async answer(question, snapshot) {
      // Each adapter takes the questions of its own kind.
      const adapter = ADAPTERS[question.ask] as Adapter<Ask>;
      try {
        return await adapter(question, snapshot, sources);
      } catch (error) {
        onUnavailable?.(question, error);
        throw error;
      }
    },
  };
}
