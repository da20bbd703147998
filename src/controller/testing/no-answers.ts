// Questions to which nobody has an answer.
import type { AnswerPort } from "../../answers/answer-port.ts";
import type { AnswerScheduler } from "../../answers/answer-scheduler.ts";

/** A port that answers nothing. */
export const SILENT_PORT: AnswerPort = {
  answer: () => Promise.reject(new Error("nobody answers in this test")),
};

/** A scheduler that knows no answers and asks nothing. */
export const NO_ANSWERS: Pick<AnswerScheduler, "known" | "want" | "askToRecord" | "forget"> = {
  known: () => ({}),
  want: () => {},
  askToRecord: async () => ({}),
  forget: () => {},
};
