import { expect } from "chai";
import { Complaints } from "./complaints.ts";

describe("Complaints", () => {
  it("are news once, for each thing and each fault", () => {
    const complaints = new Complaints({ quietMs: Number.POSITIVE_INFINITY });
    expect(complaints.isNews("shop/a", "broken", 0)).to.equal(true);
    expect(complaints.isNews("shop/a", "broken", 1e12)).to.equal(false);
    expect(complaints.isNews("shop/a", "late", 2)).to.equal(true);
    expect(complaints.isNews("shop/b", "broken", 3)).to.equal(true);
  });

  it("are news again when the quiet time is over, counted from when they were last told", () => {
    const complaints = new Complaints({ quietMs: 100 });
    const reported = [0, 60, 99, 100, 160, 200].map((now) => complaints.isNews("a", "x", now));
    expect(reported).to.deep.equal([true, false, false, true, false, true]);
  });

  it("are news again after all was well", () => {
    const complaints = new Complaints({ quietMs: 100 });
    complaints.isNews("a", "x", 0);
    complaints.settle("a");
    expect(complaints.isNews("a", "x", 1)).to.equal(true);
  });

  it("remember no more than they may, and forget what was quiet for the longest", () => {
    const complaints = new Complaints({ quietMs: 1e9, remembered: 3 });
    for (const about of ["a", "b", "c", "a", "d"]) complaints.isNews(about, "x", 0);
    expect(["a", "c", "d"].map((about) => complaints.isNews(about, "x", 1))).to.deep.equal([
      false,
      false,
      false,
    ]);
    expect(complaints.isNews("b", "x", 1), "forgotten").to.equal(true);
    for (let fault = 0; fault < 30; fault++) complaints.isNews("a", `fault ${fault}`, 2);
    expect(complaints.isNews("a", "x", 3), "one of too many").to.equal(true);
    expect(complaints.isNews("a", "fault 29", 3)).to.equal(false);
  });
});
