import { expect } from "chai";
import fc from "fast-check";
import { formatDuration, parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  for (const [text, durationMs] of [
    ["850ms", 850],
    ["15s", 15_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["0s", 0],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseDuration(text)).to.equal(durationMs);
    });
  }

  for (const text of ["", "5", "5 m", "-5m", "1d", "5M", "m", "1.m", ".5s", "Auto", "5m\n"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parseDuration(text)).to.equal(undefined);
    });
  }
});

describe("formatDuration", () => {
  for (const [durationMs, text] of [
    [0, "0s"],
    [850, "850ms"],
    [1_000, "1s"],
    [90_000, "1m30s"],
    [3_600_000, "1h"],
    [3_661_000, "1h1m1s"],
    [-5, "0s"],
  ] as const) {
    it(`writes ${durationMs} ms as ${text}`, () => {
      expect(formatDuration(durationMs)).to.equal(text);
    });
  }

  it("writes what parseDuration reads back, to the second", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1_000))).to.equal(seconds * 1_000);
      }),
    );
  });
});
