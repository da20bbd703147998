import { expect } from "chai";
import { labels } from "../testing/a-template.ts";
import { answering, aPolicy, caseOf, recognisedIn } from "../testing/expect-cause.ts";
import { changing } from "../testing/facts.ts";
import { callersNotAdmitted } from "./callers-not-admitted.ts";
import { callersShutOut } from "./callers-shut-out.ts";
import { causesOf } from "./ordered-causes.ts";
import { podsShutOut } from "./pods-shut-out.ts";

const WEB = { name: "web", labels: { app: "web" } };
const GATEWAY = { name: "gateway", labels: { app: "gateway" } };
const lostTier = changing(labels({ app: "checkout" }));

describe("callersNotAdmitted", () => {
  it("is sure of a caller in the way only when that caller's settings name the Service", () => {
    const policies = [aPolicy("checkout", { app: "checkout" }, { app: "gateway" })];
    const possible = recognisedIn(callersNotAdmitted, { policies, neighbours: [GATEWAY, WEB] }, lostTier);
    expect(possible?.certainty).to.equal("Unknown");
    expect(possible?.message).to.contain("if they call the Service");
    const neighbours = [GATEWAY, { ...WEB, namesService: "checkout" }];
    const likely = recognisedIn(callersNotAdmitted, { policies, neighbours }, lostTier);
    expect(likely?.certainty).to.equal("Likely");
    expect(likely?.message).to.contain("Deployment web").and.contain("name Service checkout");
  });

  it("does not accuse a policy that admits from other namespaces, or everybody", () => {
    const anywhere = {
      ...aPolicy("checkout", { app: "checkout" }),
      ingress: [{ from: [{ elsewhere: true } as const] }],
    };
    const everybody = { ...aPolicy("checkout", { app: "checkout" }), ingress: [{ from: [] }] };
    for (const policy of [anywhere, everybody]) {
      for (const classifier of [callersNotAdmitted, callersShutOut, podsShutOut]) {
        const network = { policies: [policy], neighbours: [WEB] };
        expect(recognisedIn(classifier, network, lostTier)).to.equal(undefined);
      }
    }
  });

  it("gives way to what the change of labels certainly did", () => {
    const policies = [aPolicy("checkout", { tier: "backend" }, { app: "web" }), aPolicy("deny", {})];
    const network = { policies, neighbours: [WEB, GATEWAY] };
    const { rollout, finding, now } = caseOf(
      { reason: "EmptyEndpoints", facts: [lostTier] },
      answering(network),
    );
    const blocked = causesOf(rollout, [finding], now).filter(
      (cause) => cause.class === "NetworkPolicyBlocks",
    );
    expect(blocked.map(({ certainty }) => certainty)).to.deep.equal(["Certain"]);
  });
});
