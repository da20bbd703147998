import { expect } from "chai";
import { ReportLags } from "./report-lags.ts";

describe("ReportLags", () => {
  it("keep the longest lag of a node for two minutes, each node for itself", () => {
    const lags = new ReportLags();
    lags.note("a", 20_000, 1_000);
    lags.note("a", 8_000, 2_000);
    expect(lags.of("a", 2_000)).to.equal(20_000);
    expect(lags.of("b", 2_000)).to.equal(0);
    expect(lags.of("a", 121_000)).to.equal(20_000);
    expect(lags.of("a", 121_001)).to.equal(0);
  });

  it("begin the two minutes anew with each report that is as late", () => {
    const lags = new ReportLags();
    lags.note("a", 20_000, 0);
    lags.note("a", 20_000, 100_000);
    expect(lags.of("a", 220_000)).to.equal(20_000);
  });

  it("take what is ordinary for no lag, and wait for nobody longer than two minutes", () => {
    const lags = new ReportLags();
    lags.note("a", 5_000, 0);
    lags.note("b", 3_600_000, 0);
    expect([lags.of("a", 0), lags.of("b", 0)]).to.deep.equal([0, 120_000]);
  });
});
