import { itRecognises } from "../testing/expect-cause.ts";
import { answerBodyWrong } from "./answer-body-wrong.ts";

describe("answerBodyWrong", () => {
  itRecognises(answerBodyWrong, {
    "an answer that is not the expected one": {
      reason: "HttpFailing",
      says: "HTTP check api: GET / of pod checkout-1: the body does not match",
      cause: "AnswerBodyWrong",
      certainty: "Likely",
      names: /another body.*expect\.body/,
    },
  });
});
