// The earlier values of a question that wants them to be remembered. Pure.
import type { Answer, PastAnswer } from "../snapshot/answer.ts";
import type { Question } from "../snapshot/question.ts";

/** So many at most, whatever the interval. */
const MOST_EARLIER = 20;

/** The answer with the values before it, as far as the question wants them. */
export function withEarlier(
  answer: Answer,
  { rememberMs }: Pick<Question, "rememberMs">,
  before: Answer | undefined,
): Answer {
  if (rememberMs === undefined || before === undefined) return answer;
  const last = "value" in before ? [{ at: before.at, value: before.value }] : [];
  const earlier = [...last, ...(before.earlier ?? [])]
    .filter(({ at }: PastAnswer) => at >= answer.at - rememberMs)
    .slice(0, MOST_EARLIER);
  return earlier.length === 0 ? answer : { ...answer, earlier };
}
