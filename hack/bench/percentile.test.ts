import { expect } from "chai";
import { median, percentile } from "./percentile.ts";

describe("percentile", () => {
  it("is the value that this share of the values does not exceed", () => {
    const values = Array.from({ length: 200 }, (_, i) => 200 - i);
    expect(percentile(values, 0.99)).to.equal(198);
    expect(percentile(values, 0.5)).to.equal(100);
    expect(percentile(values, 1)).to.equal(200);
    expect(percentile([7], 0.01)).to.equal(7);
  });

  it("is no number when nothing was measured", () => {
    expect(Number.isNaN(median([]))).to.equal(true);
  });
});
