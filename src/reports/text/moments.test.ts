import { expect } from "chai";
import { ageText, momentText, spanText } from "./moments.ts";

const NOW = Date.parse("2026-11-21T15:00:30.250Z");
const ago = (seconds: number) => NOW - seconds * 1_000;

describe("moments", () => {
  it("are told by the time of day, with the day where it is another", () => {
    expect(momentText(ago(60), NOW)).to.equal("14:59:30 UTC");
    expect(momentText(ago(86_400), NOW)).to.equal("2026-11-20 15:00:30 UTC");
  });

  for (const [seconds, text] of [
    [0, "0s"],
    [45, "45s"],
    [95, "1m35s"],
    [12 * 60 + 30, "12m"],
    [3 * 3_600 + 20 * 60 + 5, "3h20m"],
    [30 * 3_600, "30h"],
    [5 * 86_400 + 7, "5d"],
    [-10, "0s"],
  ] as const) {
    it(`are ${text} old after ${seconds} seconds`, () => {
      expect(ageText(ago(seconds), NOW)).to.equal(text);
    });
  }

  it("have spans that are cut to the second, never rounded up", () => {
    expect([spanText(999), spanText(1_999), spanText(61_500)]).to.deep.equal(["under 1s", "1s", "1m1s"]);
  });
});
