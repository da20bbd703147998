import { itRecognises } from "../testing/expect-cause.ts";
import { errorRateHigher } from "./error-rate-higher.ts";

describe("errorRateHigher", () => {
  itRecognises(errorRateHigher, {
    "more errors than the old pods": {
      reason: "MetricsWorse",
      says: "errors: 60 of 300 (20%) against 3 of 900 (0.3%)",
      cause: "ErrorRateHigher",
      certainty: "Likely",
      names: /60 of 300.*logs of the new pods.*container app: image/,
    },
    "pods that answer 500": {
      reason: "HttpFailing",
      says: "api: 0 of 3 pods answer GET / as expected: status 500",
      cause: "ErrorRateHigher",
      certainty: "Likely",
      names: /status 500/,
    },
  });
});
