// What whoever schedules questions needs: somebody who answers them.
import type { AnswerValues, Ask, Question } from "../domain/snapshot/question.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";

export interface AnswerPort {
  /**
   * The answer to a question about the guard of the snapshot. Rejects when there is none; the message says why, in a
   * sentence that people can read.
   */
  answer(question: Question, snapshot: Snapshot): Promise<AnswerValues[Ask]>;
}
