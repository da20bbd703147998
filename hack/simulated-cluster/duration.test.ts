import { expect } from "chai";
import { parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  for (const [text, ms] of [
    ["15s", 15_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1_500],
    ["250ms", 250],
    ["0s", 0],
  ] as const) {
    it(`reads ${text}`, () => expect(parseDuration(text)).to.equal(ms));
  }

  for (const text of ["", "5", "1d", "-1s", "1s later", " 1s"]) {
    it(`refuses "${text}"`, () => expect(parseDuration(text)).to.equal(undefined));
  }
});
