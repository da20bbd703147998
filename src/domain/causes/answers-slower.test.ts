import { itRecognises } from "../testing/expect-cause.ts";
import { answersSlower } from "./answers-slower.ts";

describe("answersSlower", () => {
  itRecognises(answersSlower, {
    "pods that take seconds": {
      reason: "AnswersSlow",
      says: "api: 0 of 3 pods answer GET / as expected: answers after 4s, 4s against 20ms",
      cause: "AnswersSlower",
      certainty: "Likely",
      names: /4s against 20ms.*CPU limits.*container app: image/,
    },
  });
});
