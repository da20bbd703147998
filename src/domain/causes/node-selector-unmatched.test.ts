import { itRecognises, unschedulableBecause } from "../testing/expect-cause.ts";
import { nodeSelectorUnmatched } from "./node-selector-unmatched.ts";

describe("nodeSelectorUnmatched", () => {
  itRecognises(nodeSelectorUnmatched, {
    "a node selector": {
      ...unschedulableBecause("3 node(s) didn't match Pod's node affinity/selector."),
      cause: "NodeSelectorUnmatched",
      certainty: "Certain",
      names: /No node has the labels/,
    },
  });
});
