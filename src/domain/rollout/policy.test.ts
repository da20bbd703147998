import { expect } from "chai";
import { minutes, seconds } from "../testing/instants.ts";
import { guardSpec } from "../testing/scene.ts";
import { policyOf } from "./policy.ts";

describe("policyOf", () => {
  it("has the defaults of the spec in milliseconds", () => {
    const { spec, ...numbers } = policyOf(guardSpec());
    expect(spec).to.deep.equal(guardSpec());
    expect(numbers).to.deep.equal({
      bakeTimeMs: minutes(5),
      crashRestarts: 2,
      imagePullMs: seconds(20),
      configErrorMs: seconds(20),
      createFailedMs: seconds(30),
      unschedulableMs: minutes(1),
      readinessMs: undefined,
      emptyEndpointsMs: seconds(15),
      degradedMs: seconds(20),
      windowMs: minutes(60),
      cooldownMs: minutes(5),
    });
  });

  it("takes what the guard says", () => {
    const policy = policyOf(
      guardSpec({
        bakeTime: "1h30m",
        checks: { readiness: { patience: "90s" } },
        limits: { cooldown: "0s" },
      }),
    );
    expect(policy).to.deep.include({ bakeTimeMs: minutes(90), readinessMs: seconds(90), cooldownMs: 0 });
  });

  it("refuses a spec that the schema would not have let through", () => {
    expect(() => policyOf({ ...guardSpec(), bakeTime: "soon" })).to.throw(RangeError, "not a duration: soon");
  });
});
