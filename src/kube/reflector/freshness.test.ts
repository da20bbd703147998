import { expect } from "chai";
import { Freshness } from "./freshness.ts";

describe("Freshness", () => {
  const listed = () => {
    const freshness = new Freshness(30_000);
    freshness.listed(0, false);
    return freshness;
  };

  it("is there once a list was read, and while a watch is open", () => {
    expect(new Freshness(30_000).isCurrent(0)).to.equal(false);
    const freshness = listed();
    expect(freshness.isCurrent(100)).to.equal(true);
    freshness.opened(200);
    expect(freshness.isCurrent(500_000)).to.equal(true);
  });

  it("lasts for ten seconds without a watch", () => {
    const freshness = listed();
    freshness.opened(100);
    freshness.closed(60_000);
    expect(freshness.isCurrent(69_999)).to.equal(true);
    expect(freshness.isCurrent(70_000)).to.equal(false);
  });

  it("comes back with a watch that has had a second to catch up", () => {
    const freshness = listed();
    freshness.opened(20_000);
    expect(freshness.isCurrent(20_999)).to.equal(false);
    expect(freshness.isCurrent(21_000)).to.equal(true);
  });

  it("is not won by a watch that ends as soon as it is accepted, as one from a resourceVersion that is too old", () => {
    const freshness = listed();
    freshness.opened(100);
    freshness.closed(60_000);
    freshness.opened(67_700);
    freshness.closed(67_701);
    expect(freshness.isCurrent(69_999)).to.equal(true);
    expect(freshness.isCurrent(70_000)).to.equal(false);
  });

  it("lasts from list to list where there is no watch", () => {
    const freshness = new Freshness(30_000);
    freshness.listed(0, true);
    expect(freshness.isCurrent(29_999)).to.equal(true);
    expect(freshness.isCurrent(30_000)).to.equal(false);
  });

  describe("when the process does not run for a while", () => {
    const watching = () => {
      const freshness = listed();
      freshness.beat(0);
      freshness.opened(100);
      for (let now = 2_000; now <= 60_000; now += 2_000) freshness.beat(now);
      return freshness;
    };

    it("is gone from the first moment after it, whatever comes first, until a watch has had time to catch up", () => {
      const freshness = watching();
      expect(freshness.isCurrent(69_999)).to.equal(true);
      expect(freshness.isCurrent(660_000)).to.equal(false);
      freshness.beat(660_001);
      freshness.beat(662_001);
      expect(freshness.isCurrent(665_000)).to.equal(false);
      expect(freshness.isCurrent(665_001)).to.equal(true);
    });

    it("takes longer while a watch still brings what was missed, but not for ever", () => {
      const freshness = watching();
      freshness.beat(660_000);
      for (let now = 660_000; now <= 700_000; now += 500) {
        freshness.beat(now);
        freshness.heard(now);
        expect(freshness.isCurrent(now), `at ${now}`).to.equal(now >= 690_000);
      }
    });

    it("is back when that is seen to have been a jump of the clock, which is set back", () => {
      const freshness = watching();
      freshness.beat(660_000);
      expect(freshness.isCurrent(60_500)).to.equal(true);
      freshness.beat(61_000);
      expect(freshness.isCurrent(62_000)).to.equal(true);
    });

    it("comes back at once with a list", () => {
      const freshness = watching();
      freshness.beat(660_000);
      freshness.listed(660_500, false);
      expect(freshness.isCurrent(660_500)).to.equal(true);
    });

    it("stays when beats are only late", () => {
      const freshness = watching();
      freshness.beat(69_000);
      expect(freshness.isCurrent(69_000)).to.equal(true);
    });
  });
});
