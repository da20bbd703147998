import { itRecognises, refuses } from "../testing/expect-cause.ts";
import { limitRangeViolated } from "./limit-range-violated.ts";

describe("limitRangeViolated", () => {
  itRecognises(limitRangeViolated, {
    "a LimitRange": {
      ...refuses('pods "x" is forbidden: maximum memory usage per Container is 128Mi, but limit is 256Mi'),
      cause: "LimitRangeViolated",
      certainty: "Certain",
      names: /maximum memory usage per Container is 128Mi, but limit is 256Mi/,
    },
  });
});
