import { expect } from "chai";
import { boundPattern, boundsText, unitMsOf, writtenBounds } from "./bucket-bounds.ts";

describe("bounds of buckets", () => {
  for (const [bound, ...written] of [
    [1, "1", "1.0"],
    [0.25, "0.25"],
    [0.001, "0.001"],
    [2.5, "2.5"],
    [30, "30", "30.0"],
    // As Go and Java write large numbers.
    [3_600_000, "3.6e+06", "3600000", "3600000.0"],
    [10_000_000, "1e+07", "1.0E7"],
    [0.00001, "1e-05", "1.0E-5"],
  ] as const) {
    it(`know ${bound} as ${written.join(" and ")}`, () => {
      expect(writtenBounds(bound)).to.include.members(written);
      for (const text of [...written, "+Inf"])
        expect(text).to.match(new RegExp(`^(?:${boundPattern(bound)})$`));
      expect("9.9").to.not.match(new RegExp(`^(?:${boundPattern(bound)})$`));
    });
  }

  it("are in seconds unless the histogram's name says otherwise", () => {
    expect(
      ["http_request_duration_seconds", "latency", "latency_ms", 'rpc_milliseconds{a="_us"}', "rpc_us"].map(
        unitMsOf,
      ),
    ).to.deep.equal([1_000, 1_000, 1, 1, 0.001]);
  });

  it("are listed as durations, in order", () => {
    expect(boundsText(["10", "0.005", "+Inf", "1.0", "1"], 1_000)).to.equal("5ms, 1s, 10s");
    expect(boundsText(["250", "2500"], 1)).to.equal("250ms, 2.5s");
  });
});
