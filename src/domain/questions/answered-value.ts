// What is known of a question, from the answers in the snapshot. Pure.
import type { Answer } from "../snapshot/answer.ts";
import type { AnswerValues, Ask } from "../snapshot/question.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** What is known of the question; undefined while it has not been answered. */
export function answerTo<A extends Ask>(
  { answers }: Pick<Snapshot, "answers">,
  { key }: { readonly ask: A; readonly key: string },
): Answer<AnswerValues[A]> | undefined {
  // The adapter of the question's kind gave it: the key belongs to one kind.
  return answers?.[key] as Answer<AnswerValues[A]> | undefined;
}

/** The value of the answer; undefined while there is none, and when it is unavailable. */
export function answeredValue<A extends Ask>(
  snapshot: Pick<Snapshot, "answers">,
  question: { readonly ask: A; readonly key: string },
): AnswerValues[A] | undefined {
  const answer = answerTo(snapshot, question);
  return answer && "value" in answer ? answer.value : undefined;
}
