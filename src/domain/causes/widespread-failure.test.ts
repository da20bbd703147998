import { itRecognises, unready } from "../testing/expect-cause.ts";
import { anOutage, withSurroundings } from "../testing/facts.ts";
import { widespreadFailure } from "./widespread-failure.ts";

describe("widespreadFailure", () => {
  itRecognises(widespreadFailure, {
    "many Deployments that were not changed": {
      reason: "NotReady",
      facts: [unready, withSurroundings({ outages: anOutage(6) })],
      cause: "EnvironmentTrouble",
      certainty: "Likely",
      names: /6 Deployments that were not changed.*have in common/,
    },
  });
});
