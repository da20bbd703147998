import { expect } from "chai";
import { applyMergePatch } from "./merge-patch.ts";

describe("applyMergePatch", () => {
  it("merges objects, replaces lists and removes what is null", () => {
    const target = { a: { b: 1, c: 2 }, list: [1, 2], d: 1 };
    expect(applyMergePatch(target, { a: { b: null, e: 3 }, list: [3], d: null })).to.deep.equal({
      a: { c: 2, e: 3 },
      list: [3],
    });
  });
});
