import { itRecognises, unschedulableBecause } from "../testing/expect-cause.ts";
import { taintNotTolerated } from "./taint-not-tolerated.ts";

describe("taintNotTolerated", () => {
  itRecognises(taintNotTolerated, {
    "a taint": {
      ...unschedulableBecause("3 node(s) had untolerated taint {dedicated: gpu}."),
      cause: "TaintNotTolerated",
      certainty: "Certain",
      names: /dedicated=gpu.*toleration for dedicated=gpu/,
    },
    "nodes that are not fit": {
      ...unschedulableBecause("3 node(s) had untolerated taint {node.kubernetes.io/not-ready: }."),
      cause: "EnvironmentTrouble",
      certainty: "Likely",
      names: /nodes are not usable.*node\.kubernetes\.io\/not-ready/,
    },
  });
});
