import { expect } from "chai";
import type { RestoreTemplate } from "../domain/effects/change.ts";
import { Refusals } from "./refusals.ts";

const KEY = "shop/checkout/Deployment/checkout";
const CHANGE: RestoreTemplate = {
  do: "restoreTemplate",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "u", generation: 4 },
  from: { hash: "b", revision: 2 },
  to: { hash: "a", revision: 1, source: { kind: "ReplicaSet", name: "checkout-a", uid: "a" } },
  incident: "checkout-b",
};

/** The delays after so many refusals of these changes in a row, in seconds. */
function delays(refusals: Refusals, changes: readonly RestoreTemplate[]): number[] {
  return changes.map((change) => {
    refusals.note(KEY, change, "no", 0);
    return Math.round((refusals.of(KEY)?.retryAt ?? 0) / 1_000);
  });
}

describe("Refusals", () => {
  it("sends a change again after five seconds, then ever more slowly, and never gives up", () => {
    const refusals = new Refusals(() => 0.999_99);
    expect(delays(refusals, Array(9).fill(CHANGE))).to.deep.equal([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it("never sends a change again at once, whatever chance says", () => {
    expect(delays(new Refusals(() => 0), [CHANGE, CHANGE])).to.deep.equal([3, 5]);
  });

  it("begins with five seconds again for another change, and after one that was accepted", () => {
    const refusals = new Refusals(() => 0.999_99);
    const other = { ...CHANGE, from: { hash: "c", revision: 3 } };
    expect(delays(refusals, [CHANGE, CHANGE, other])).to.deep.equal([5, 10, 5]);
    refusals.forget(KEY);
    expect(refusals.of(KEY)).to.equal(undefined);
    expect(delays(refusals, [other])).to.deep.equal([5]);
  });
});
