import { expect } from "chai";
import { afterFreeTime, firstStretch, gaps, holdsAt, overlaps } from "./intervals.ts";

const from = (fromMs: number, toMs: number) => ({ fromMs, toMs });

describe("intervals", () => {
  const others = [from(50, 60), from(10, 20), from(15, 30)];

  it("have gaps between them, at both ends too", () => {
    expect(gaps(from(0, 100), others)).to.deep.equal([from(0, 10), from(30, 50), from(60, 100)]);
    expect(gaps(from(12, 55), others)).to.deep.equal([from(30, 50)]);
    expect(gaps(from(16, 18), others)).to.deep.equal([]);
    expect(gaps(from(0, 5), [])).to.deep.equal([from(0, 5)]);
  });

  it("tell when so much free time has passed, and when there was so much at a stretch", () => {
    expect(afterFreeTime(from(0, 100), others, 15)).to.equal(35);
    expect(afterFreeTime(from(0, 40), others, 25)).to.equal(undefined);
    expect(firstStretch(from(0, 100), others, 20)).to.deep.equal(from(30, 50));
    expect(firstStretch(from(0, 100), others, 41)).to.equal(undefined);
  });

  it("are half-open", () => {
    expect(holdsAt(others, 10)).to.equal(true);
    expect(holdsAt(others, 30)).to.equal(false);
    expect(overlaps(from(0, 10), from(10, 20))).to.equal(false);
    expect(overlaps(from(0, 11), from(10, 20))).to.equal(true);
  });
});
