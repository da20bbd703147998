import { itRecognises, unschedulableBecause } from "../testing/expect-cause.ts";
import { nodePlacementImpossible } from "./node-placement-impossible.ts";

describe("nodePlacementImpossible", () => {
  itRecognises(nodePlacementImpossible, {
    "another wish of a node": {
      ...unschedulableBecause("3 node(s) didn't have free ports for the requested pod ports."),
      cause: "NodePlacementImpossible",
      certainty: "Certain",
      names: /free ports/,
    },
  });
});
