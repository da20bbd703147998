import { expect } from "chai";
import { Refusals } from "./refusals.ts";

const KEY = "shop/checkout/Deployment/checkout";
const CHANGE = { uid: "u", from: "b", to: "a" };

/** The delays after so many refusals of these changes in a row, in seconds. */
function delays(refusals: Refusals<typeof CHANGE>, changes: readonly (typeof CHANGE)[]): number[] {
  return changes.map((change) => {
    refusals.note(KEY, change, "no", 0);
    return Math.round((refusals.of(KEY)?.retryAt ?? 0) / 1_000);
  });
}

describe("Refusals", () => {
  it("sends a change again after five seconds, then ever more slowly, and never gives up", () => {
    const refusals = new Refusals<typeof CHANGE>(() => 0.999_99);
    expect(delays(refusals, Array(9).fill(CHANGE))).to.deep.equal([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it("never sends a change again at once, whatever chance says", () => {
    expect(delays(new Refusals<typeof CHANGE>(() => 0), [CHANGE, CHANGE])).to.deep.equal([3, 5]);
  });

  it("begins with five seconds again for another change, and after one that was accepted", () => {
    const refusals = new Refusals<typeof CHANGE>(() => 0.999_99);
    const other = { ...CHANGE, from: "c" };
    expect(delays(refusals, [CHANGE, CHANGE, other])).to.deep.equal([5, 10, 5]);
    refusals.forget(KEY);
    expect(refusals.of(KEY)).to.equal(undefined);
    expect(delays(refusals, [other])).to.deep.equal([5]);
  });
});
