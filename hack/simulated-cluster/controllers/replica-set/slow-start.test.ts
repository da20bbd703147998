import { expect } from "chai";
import { slowStart } from "./slow-start.ts";

describe("slowStart", () => {
  /** How many calls are made when all calls fail that come after so many. */
  function callsUntil(count: number, successes: number): number {
    let calls = 0;
    slowStart(count, () => {
      calls += 1;
      return calls > successes ? "no" : undefined;
    });
    return calls;
  }

  it("makes one call when all would fail", () => expect(callsUntil(100, 0)).to.equal(1));

  it("makes as many calls as are wanted when none fails", () => expect(callsUntil(100, 100)).to.equal(100));

  it("finishes the batch in which one fails, and begins no other", () => {
    // Batches of 1, 2, 4, 8: the fifth call is in the third.
    expect(callsUntil(100, 4)).to.equal(7);
  });

  it("gives back the first failure", () => {
    let calls = 0;
    expect(slowStart(10, () => (++calls > 1 ? `failure ${calls}` : undefined))).to.equal("failure 2");
  });

  it("makes none when none are wanted", () => expect(callsUntil(0, 0)).to.equal(0));
});
