import { expect } from "chai";
import { Freshness } from "./freshness.ts";

describe("Freshness", () => {
  const listed = () => {
    const freshness = new Freshness({ listCountsMs: 30_000 });
    freshness.listed(0, false);
    return freshness;
  };

  it("is there once a list was read, and while a watch is open", () => {
    expect(new Freshness({ listCountsMs: 30_000 }).isCurrent(0)).to.equal(false);
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

  it("tells since when it is gone: since the last moment at which it was known to be there", () => {
    expect(new Freshness({ listCountsMs: 30_000 }).behindSinceAt(500_000), "never listed").to.equal(
      undefined,
    );
    const freshness = listed();
    freshness.opened(100);
    expect(freshness.behindSinceAt(500_000)).to.equal(undefined);
    freshness.closed(600_000);
    expect(freshness.behindSinceAt(605_000), "a short interruption").to.equal(undefined);
    expect(freshness.behindSinceAt(700_000)).to.equal(600_000);
    freshness.listed(710_000, false);
    expect(freshness.behindSinceAt(710_000)).to.equal(undefined);
  });

  it("is gone since the process last ran, not since the last list, after it was suspended", () => {
    const freshness = listed();
    freshness.opened(100);
    for (let now = 0; now <= 300_000; now += 2_000) freshness.beat(now);
    expect(freshness.behindSinceAt(330_000), "before its timers have run").to.equal(300_000);
    freshness.beat(330_000);
    expect(freshness.behindSinceAt(331_000)).to.equal(300_000);
  });

  it("tells since when it is back, and nothing of short interruptions", () => {
    const freshness = listed();
    freshness.opened(100);
    freshness.closed(60_000);
    freshness.opened(65_000);
    expect(freshness.regainedAt).to.equal(undefined);
    freshness.closed(100_000);
    freshness.opened(180_000);
    expect(freshness.regainedAt, "once it has caught up").to.equal(181_000);
    freshness.closed(180_500);
    freshness.listed(190_000, false);
    expect(freshness.regainedAt, "or by a list").to.equal(190_000);
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
    const freshness = new Freshness({ listCountsMs: 30_000 });
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

    it("is gone from the first moment after it, whatever comes first, until a list was read", () => {
      const freshness = watching();
      expect(freshness.isCurrent(69_999)).to.equal(true);
      expect(freshness.isCurrent(660_000)).to.equal(false);
      expect(freshness.beat(660_001), "a list is asked for").to.equal(true);
      expect(freshness.beat(662_001), "once").to.equal(false);
      freshness.opened(662_500);
      expect(freshness.isCurrent(670_000)).to.equal(false);
      freshness.listed(670_001, false);
      expect(freshness.isCurrent(670_001)).to.equal(true);
    });

    it("stays when beats are only late", () => {
      const freshness = watching();
      expect(freshness.beat(69_000)).to.equal(false);
      expect(freshness.isCurrent(69_000)).to.equal(true);
    });
  });
});
