import { itRecognises, unready } from "../testing/expect-cause.ts";
import { anOutage, withSurroundings } from "../testing/facts.ts";
import { widespreadTrouble } from "./widespread-trouble.ts";

describe("widespreadTrouble", () => {
  itRecognises(widespreadTrouble, {
    "many Deployments that were not changed": {
      reason: "NotReady",
      facts: [unready, withSurroundings({ outages: anOutage(6) })],
      cause: "EnvironmentTrouble",
      certainty: "Likely",
      names: /6 Deployments that were not changed.*have in common/,
    },
  });
});
