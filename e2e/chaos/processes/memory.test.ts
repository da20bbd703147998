import { expect } from "chai";
import { judgeMemory } from "./memory.ts";

const megabytes = (...counts: readonly number[]) => counts.map((count) => count * 2 ** 20);

describe("the judge of an operator's memory", () => {
  it("does not mind how a heap swings, nor the start", () => {
    expect(judgeMemory(megabytes(60, 120, 150, 140, 165, 150, 160, 190, 185))).to.deep.equal([]);
    expect(judgeMemory([])).to.deep.equal([]);
  });

  it("condemns growth from the middle to the end", () => {
    const [violation] = judgeMemory(megabytes(100, 110, 120, 130, 140, 150, 180, 200, 210));
    expect(violation?.what).to.contain("grew by 50 MB");
  });
});
