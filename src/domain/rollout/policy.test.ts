import { expect } from "chai";
import { minutes, seconds } from "../testing/instants.ts";
import { guardSpec } from "../testing/scene.ts";
import { policyOf } from "./policy.ts";

describe("policyOf", () => {
  it("has the limits of the spec in milliseconds, and every patience Auto", () => {
    const { spec, ...numbers } = policyOf(guardSpec());
    expect(spec).to.deep.equal(guardSpec());
    expect(numbers).to.deep.equal({
      bakeTimeMs: minutes(5),
      crashRestarts: 2,
      crashMs: undefined,
      imagePullMs: undefined,
      configErrorMs: undefined,
      createFailedMs: undefined,
      podRejectedMs: undefined,
      unschedulableMs: undefined,
      readinessMs: undefined,
      emptyEndpointsMs: undefined,
      degradedMs: undefined,
      windowMs: minutes(60),
      cooldownMs: minutes(5),
    });
  });

  it("takes every patience that the guard writes", () => {
    const policy = policyOf(
      guardSpec({
        checks: {
          crashLoop: { patience: "1s" },
          imagePull: { patience: "2s" },
          configError: { patience: "3s" },
          createFailed: { patience: "4s" },
          podRejected: { patience: "5s" },
          unschedulable: { patience: "6s" },
          readiness: { patience: "7s" },
          emptyEndpoints: { for: "8s" },
          degraded: { for: "9s" },
        },
      }),
    );
    expect(policy).to.deep.include({
      crashMs: seconds(1),
      imagePullMs: seconds(2),
      configErrorMs: seconds(3),
      createFailedMs: seconds(4),
      podRejectedMs: seconds(5),
      unschedulableMs: seconds(6),
      readinessMs: seconds(7),
      emptyEndpointsMs: seconds(8),
      degradedMs: seconds(9),
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
