import { expect } from "chai";
import { readPolicies } from "./network-policies.ts";

const POLICY = {
  metadata: { name: "checkout" },
  spec: { podSelector: { matchLabels: { app: "checkout" } } },
};

describe("readPolicies", () => {
  const answering = (answer: () => Promise<object>) =>
    readPolicies({ get: async () => ({ ...(await answer()) }) }, "shop");
  const failing = (answer: () => Promise<object>) =>
    answering(answer).then(
      () => undefined,
      (error: unknown) => error,
    );

  it("reads them in one request", async () => {
    const policies = await answering(async () => ({ items: [POLICY, 7] }));
    expect(policies.map(({ name }) => name)).to.deep.equal(["checkout"]);
  });

  it("gives no answer of a part, and none without permission, and says why", async () => {
    const part = await failing(async () => ({ items: [], metadata: { continue: "more" } }));
    expect(part).to.have.property("message", "namespace shop has more than 500 NetworkPolicies");
    const forbidden = new Error("forbidden");
    expect(await failing(() => Promise.reject(forbidden))).to.equal(forbidden);
  });
});
