import { expect } from "chai";
import type { IncidentPhase } from "../api/incident.ts";
import { updateIncidentEffect } from "../domain/effects/effect.ts";
import { StatusBudget } from "./status-budget.ts";

const KEY = "shop/checkout/Deployment/checkout";
const STATUS = { class: "record", type: "updateGuardStatus", status: {} } as const;
const incident = (phase: IncidentPhase) =>
  updateIncidentEffect("checkout-596f7cbf4b", { phase, message: "", timeline: [] });

describe("StatusBudget", () => {
  const spent = () => {
    const budget = new StatusBudget();
    for (let n = 0; n < 10; n += 1)
      expect(budget.take(KEY, STATUS, 1_000), `write ${n + 1}`).to.equal(undefined);
    return budget;
  };

  it("allows ten writes at once, and says when the next is possible", () => {
    expect(spent().take(KEY, STATUS, 1_000)).to.include({ untilAt: 6_000 });
    expect(spent().take(KEY, STATUS, 4_000)).to.include({ untilAt: 6_000 });
  });

  it("allows one more after five seconds, and ten again in the end", () => {
    const budget = spent();
    expect(budget.take(KEY, STATUS, 6_000)).to.equal(undefined);
    expect(budget.take(KEY, STATUS, 6_000)).to.include({ untilAt: 11_000 });
    for (let n = 0; n < 10; n += 1) expect(budget.take(KEY, STATUS, 60_000)).to.equal(undefined);
    expect(budget.take(KEY, STATUS, 60_000)).not.to.equal(undefined);
  });

  it("bounds as well how often an open Incident says that it is held, acts or verifies, each apart", () => {
    const budget = spent();
    for (const phase of ["Held", "Acting", "Verifying"] as const) {
      for (let n = 0; n < 10; n += 1) expect(budget.take(KEY, incident(phase), 1_000)).to.equal(undefined);
      expect(budget.take(KEY, incident(phase), 1_000), phase).to.include({ untilAt: 6_000 });
    }
  });

  it("lets everything else pass", () => {
    const budget = spent();
    for (let n = 0; n < 20; n += 1) {
      for (const phase of ["Recovered", "NotRecovered", "Superseded"] as const)
        expect(budget.take(KEY, incident(phase), 1_000)).to.equal(undefined);
      expect(budget.take(KEY, { class: "record", type: "handOverFields" }, 1_000)).to.equal(undefined);
    }
  });

  it("counts for each guard apart", () => {
    expect(spent().take("shop/cart/Deployment/cart", STATUS, 1_000)).to.equal(undefined);
  });

  it("does not mind a clock that is set back", () => {
    expect(spent().take(KEY, STATUS, 0)).to.include({ untilAt: 5_000 });
  });
});
