import { unschedulable } from "../testing/a-pod.ts";
import { appWith } from "../testing/a-template.ts";
import { itRecognises, unschedulableBecause } from "../testing/expect-cause.ts";
import { changing, withOldReferences, withPods } from "../testing/facts.ts";
import { T0 } from "../testing/instants.ts";
import { insufficientResources } from "./insufficient-resources.ts";

describe("insufficientResources", () => {
  itRecognises(insufficientResources, {
    "too little of a resource": {
      ...unschedulableBecause(
        "2 Insufficient cpu, 1 node(s) had untolerated taint {a: b}. preemption: 0/3 nodes are available: no victims.",
      ),
      facts: [
        withOldReferences(appWith({ resources: ["requests.cpu=100m"] })),
        changing(appWith({ resources: ["requests.cpu=64"] })),
        withPods(3, unschedulable(T0)),
      ],
      cause: "InsufficientResources",
      certainty: "Certain",
      names: /enough cpu left: container app requests 64 \(100m before\)/,
      patch: /"requests":\{"cpu":"100m"\}/,
    },
  });
});
