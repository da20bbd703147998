import { expect } from "chai";
import { type LeaseRecord, leaseRecordOf, leaseSpecOf } from "./lease-record.ts";

const AT = Date.UTC(2026, 2, 1, 10, 0, 0, 5);
const RECORD: LeaseRecord = {
  holder: "pod-a_1",
  durationMs: 15_000,
  acquiredAt: AT,
  renewedAt: AT + 2_000,
  transitions: 3,
};

describe("the record of a Lease", () => {
  it("is written with six digits of a second, as the API server wants it", () => {
    expect(leaseSpecOf(RECORD)).to.deep.equal({
      holderIdentity: "pod-a_1",
      leaseDurationSeconds: 15,
      acquireTime: "2026-03-01T10:00:00.005000Z",
      renewTime: "2026-03-01T10:00:02.005000Z",
      leaseTransitions: 3,
    });
  });

  it("is read as it was written", () => {
    expect(leaseRecordOf({ spec: leaseSpecOf(RECORD) })).to.deep.equal(RECORD);
  });

  it("promises others no less than the holder takes for itself", () => {
    expect(leaseSpecOf({ ...RECORD, durationMs: 2_001 })).to.include({ leaseDurationSeconds: 3 });
  });

  for (const spec of [undefined, null, "x", {}, { holderIdentity: 7, leaseDurationSeconds: -1 }]) {
    it(`counts as nobody's where it cannot be read: ${JSON.stringify(spec)}`, () => {
      expect(leaseRecordOf({ spec })).to.deep.equal({
        holder: "",
        durationMs: undefined,
        acquiredAt: undefined,
        renewedAt: undefined,
        transitions: 0,
      });
    });
  }
});
