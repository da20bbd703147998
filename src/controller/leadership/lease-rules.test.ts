import { expect } from "chai";
import type { LeaseRecord } from "../../kube/lease/lease-record.ts";
import { heldBy, isFree, LONGEST_JITTER, pauseMs, released } from "./lease-rules.ts";

const T0 = Date.UTC(2026, 2, 1);
const A: LeaseRecord = { holder: "a", durationMs: 15_000, acquiredAt: T0, renewedAt: T0, transitions: 2 };

describe("a Lease", () => {
  it("is left to its holder for as long as it says, however short one's own duration is", () => {
    expect(isFree(A, 15_000, 2_000)).to.equal(false);
    expect(isFree(A, 15_001, 60_000)).to.equal(true);
  });

  it("that does not say for how long is left to its holder for one's own duration", () => {
    const silent = { ...A, durationMs: undefined };
    expect(isFree(silent, 20_000, 20_000)).to.equal(false);
    expect(isFree(silent, 20_001, 20_000)).to.equal(true);
  });

  it("that was released is free at once", () => {
    expect(isFree(released(A, T0 + 5), 0, 15_000)).to.equal(true);
  });

  it("keeps its transitions and the time of its acquisition when it is renewed", () => {
    expect(heldBy("a", A, T0 + 2_000, 15_000)).to.deep.equal({ ...A, renewedAt: T0 + 2_000 });
  });

  it("counts each change of hands, also by way of nobody", () => {
    expect(heldBy("b", undefined, T0, 15_000).transitions).to.equal(0);
    expect(heldBy("b", A, T0, 15_000)).to.include({ holder: "b", transitions: 3, acquiredAt: T0 });
    expect(heldBy("b", released(A, T0), T0, 15_000).transitions).to.equal(3);
  });

  it("is looked at after one to 1.2 retry periods", () => {
    expect(pauseMs(2_000, 0)).to.equal(2_000);
    expect(pauseMs(2_000, 0.999)).to.be.within(2_390, 2_000 * LONGEST_JITTER);
  });
});
