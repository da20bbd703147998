import { expect } from "chai";
import { labels } from "../testing/a-template.ts";
import { aPolicy, recognisedIn } from "../testing/expect-cause.ts";
import { changing } from "../testing/facts.ts";
import { callersShutOut } from "./callers-shut-out.ts";
import { podsShutOut } from "./pods-shut-out.ts";

const WEB = { name: "web", labels: { app: "web" } };
const GATEWAY = { name: "gateway", labels: { app: "gateway" } };
const lostTier = changing(labels({ app: "checkout" }));

describe("callersShutOut", () => {
  it("tells of callers who were admitted by a label of the pods that they lost", () => {
    const policies = [aPolicy("checkout", { tier: "backend" }, { app: "web" }), aPolicy("deny", {})];
    const network = { policies, neighbours: [WEB, GATEWAY] };
    const cause = recognisedIn(callersShutOut, network, lostTier);
    expect(recognisedIn(podsShutOut, network, lostTier)).to.equal(undefined);
    expect(cause).to.include({ class: "NetworkPolicyBlocks", certainty: "Certain" });
    expect(cause?.message)
      .to.contain("Deployment web cannot call")
      .and.contain("tier=backend")
      .and.not.contain("gateway");
  });

  it("tells nothing when nothing restricts the pods any more: everybody may call them then", () => {
    const policies = [aPolicy("checkout", { tier: "backend" }, { app: "web" })];
    expect(recognisedIn(callersShutOut, { policies, neighbours: [WEB] }, lostTier)).to.equal(undefined);
  });
});
