import { notReadyYet } from "../testing/a-pod.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { withCurrent, withPods } from "../testing/facts.ts";
import { failedTheSameBefore } from "./failed-the-same-before.ts";

describe("failedTheSameBefore", () => {
  itRecognises(failedTheSameBefore, {
    "a restart and nothing else": {
      reason: "NotReady",
      facts: [withCurrent({ contentKey: "content of 5d8f6c7b94" }), withPods(3, notReadyYet)],
      cause: "EnvironmentTrouble",
      certainty: "Likely",
      names: /only by a restart.*what else changed/,
    },
  });
});
