import { expect } from "chai";
import { formatQuantity, parseQuantity } from "./quantity.ts";

describe("quantities", () => {
  it("are read with their units", () => {
    const texts = ["500m", "2", "1.5", "2Gi", "3k", "1e3", "100Mi", "0", undefined, "many"];
    expect(texts.map(parseQuantity)).to.deep.equal([
      0.5,
      2,
      1.5,
      2 ** 31,
      3_000,
      1_000,
      104_857_600,
      0,
      0,
      0,
    ]);
  });

  it("are written in the shortest exact form", () => {
    expect(formatQuantity("requests.cpu", 1.5)).to.equal("1500m");
    expect(formatQuantity("cpu", 0.1 + 0.2)).to.equal("300m");
    expect(formatQuantity("pods", 3)).to.equal("3");
    expect(formatQuantity("pods", 1_000)).to.equal("1k");
    expect(formatQuantity("limits.memory", 3 * 2 ** 29)).to.equal("1536Mi");
    expect(formatQuantity("memory", 0)).to.equal("0");
  });
});
