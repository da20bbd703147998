import { expect } from "chai";
import { failing } from "../testing/a-finding.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { withSurroundings, withWorkload } from "../testing/facts.ts";
import { aRollout, type Fact } from "../testing/scene.ts";
import { managedByOwner } from "./managed-by-owner.ts";

function brakeIn(...facts: readonly Fact[]) {
  const scene = aRollout(...facts);
  return managedByOwner(rolloutIn(scene), failing("CrashLooping"), scene.now);
}

describe("managedByOwner", () => {
  it("holds where an object controls the Deployment, and names it", () => {
    for (const [kind, name] of [
      ["Canary", "checkout"],
      ["Keycloak", "login"],
      ["Revision", "checkout-00001"],
    ] as const) {
      const brake = brakeIn(withWorkload({ owner: { kind, name } }));
      expect(brake?.message).to.equal(
        `A rollback would not last: ${kind} ${name} controls this Deployment and would undo it. Roll back ${kind} ${name} instead.`,
      );
      expect(brake?.untilAt).to.equal(undefined);
    }
  });

  it("holds what Flagger releases, and looks again", () => {
    const brake = brakeIn(withSurroundings({ canary: "checkout" }));
    expect(brake?.message).to.contain("Flagger manages this Deployment for Canary checkout");
    expect(brake?.untilAt).to.be.a("number");
  });

  it("does not hold a Deployment that nobody controls", () => {
    expect(brakeIn()).to.equal(undefined);
  });
});
