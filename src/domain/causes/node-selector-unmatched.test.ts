import { itRecognises, nodesSay } from "../testing/expect-cause.ts";
import { nodeSelectorUnmatched } from "./node-selector-unmatched.ts";

describe("nodeSelectorUnmatched", () => {
  itRecognises(nodeSelectorUnmatched, {
    "a node selector": {
      ...nodesSay("3 node(s) didn't match Pod's node affinity/selector."),
      cause: "NodeSelectorUnmatched",
      certainty: "Certain",
      names: /No node has the labels/,
    },
  });
});
