import { expect } from "chai";
import { labels } from "../testing/a-template.ts";
import { aPolicy, recognisedIn } from "../testing/expect-cause.ts";
import { changing } from "../testing/facts.ts";
import { podsShutOut } from "./pods-shut-out.ts";

const lostTier = changing(labels({ app: "checkout" }));

describe("podsShutOut", () => {
  it("tells of policies elsewhere that admitted these pods by a label that they lost", () => {
    const policies = [aPolicy("database", { app: "database" }, { tier: "backend" })];
    const cause = recognisedIn(podsShutOut, { policies, neighbours: [] }, lostTier);
    expect(cause).to.include({ class: "NetworkPolicyBlocks", certainty: "Certain" });
    expect(cause?.message)
      .to.contain("cannot call the pods of NetworkPolicy database")
      .and.contain("tier=backend");
    expect(cause?.patch).to.contain('"labels":{"tier":"backend"}');
  });

  it("tells nothing of a policy about the pods themselves: whom they may call is not its business", () => {
    const policies = [aPolicy("checkout", { tier: "backend" }, { app: "web" })];
    expect(recognisedIn(podsShutOut, { policies, neighbours: [] }, lostTier)).to.equal(undefined);
  });
});
