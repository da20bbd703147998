import { expect } from "chai";
import { exampleDeployment } from "../../../example-manifests.ts";
import { ANY, emptyValueOf } from "../../types/field-type.ts";
import { typeOfKind } from "../../types/kubernetes-types.ts";
import { claimText } from "./claim-text.ts";
import { compare } from "./compare.ts";
import { sorted } from "./field-set.ts";

describe("claimText", () => {
  const pod = {
    metadata: { labels: { b: "1", "a/ä": "2" }, ownerReferences: [{ uid: "u", kind: "ReplicaSet" }] },
    spec: {
      containers: [
        {
          name: "z",
          image: "z",
          resources: {},
          ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }],
        },
        { name: "a", image: "a", env: [], livenessProbe: { httpGet: { port: 1 } }, command: ["x"] },
      ],
      securityContext: {},
      tolerations: [{ key: "t" }],
    },
    status: { conditions: [{ type: "Ready", status: "True", lastProbeTime: null }], podIP: "10.0.0.1" },
  };

  for (const [what, type, object] of [
    ["a Pod", typeOfKind("", "Pod"), pod],
    ["a Deployment", typeOfKind("apps", "Deployment"), exampleDeployment()],
    ["an object of which nothing is known", ANY, { spec: { list: [1], empty: {}, map: { b: null, a: 1 } } }],
  ] as const) {
    it(`says of ${what} what a comparison with nothing says`, () => {
      const empty = emptyValueOf(type ?? ANY);
      const { changed } = compare(type ?? ANY, empty, object);
      expect(`{${claimText(type ?? ANY, object, empty)}}`).to.equal(JSON.stringify(sorted(changed)));
    });
  }
});
