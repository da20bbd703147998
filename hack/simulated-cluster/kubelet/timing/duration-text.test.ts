import { expect } from "chai";
import { durationText } from "./duration-text.ts";

describe("a duration as Go writes it", () => {
  for (const [ms, text] of [
    [0, "0s"],
    [845, "845ms"],
    [1_200, "1.2s"],
    [10_000, "10s"],
    [80_000, "1m20s"],
    [300_000, "5m0s"],
    [660_500, "11m0.5s"],
    [3_600_000, "1h0m0s"],
  ] as const) {
    it(`is ${text} for ${ms} ms`, () => {
      expect(durationText(ms)).to.equal(text);
    });
  }
});
