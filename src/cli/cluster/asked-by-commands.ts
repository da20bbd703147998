// What commands ask to decide as the operator does: the API server, and nobody else. What metric and HTTP checks measure is in the
// guard's status, where the operator writes it.
import type { Question } from "../../domain/snapshot/question.ts";

/** The questions without those that only the operator can ask. */
export function askedByCommands(questions: readonly Question[]): readonly Question[] {
  return questions.filter(({ ask }) => ask !== "metricSample" && ask !== "httpSample");
}
