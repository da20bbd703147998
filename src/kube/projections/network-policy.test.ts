import { expect } from "chai";
import { projectPolicy } from "./network-policy.ts";

const POLICY = {
  metadata: { name: "checkout" },
  spec: {
    podSelector: { matchLabels: { app: "checkout" } },
    ingress: [
      {
        from: [
          { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] } },
          { podSelector: {}, namespaceSelector: { matchLabels: { team: "x" } } },
          { ipBlock: { cidr: "10.0.0.0/8" } },
        ],
      },
    ],
  },
};

describe("projectPolicy", () => {
  it("keeps whom it is about and who may call", () => {
    expect(projectPolicy(POLICY)).to.deep.equal({
      name: "checkout",
      pods: { labels: { app: "checkout" }, expressions: [] },
      restrictsIngress: true,
      ingress: [
        {
          from: [
            { pods: { labels: {}, expressions: [{ key: "app", operator: "In", values: ["web"] }] } },
            { elsewhere: true },
            { elsewhere: true },
          ],
        },
      ],
    });
  });

  it("restricts no callers when it is about outgoing traffic only", () => {
    expect(projectPolicy({ spec: { policyTypes: ["Egress"] } }).restrictsIngress).to.equal(false);
  });

  it("takes any JSON", () => {
    for (const spec of [null, 7, { ingress: [null, { from: 3 }], podSelector: [] }])
      expect(projectPolicy({ spec }).pods).to.deep.equal({ labels: {}, expressions: [] });
  });
});
