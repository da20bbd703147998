import { expect } from "chai";
import { someLoad, someResults } from "../testing/some-results.ts";
import { judge } from "./judge.ts";

function figureOf(what: string, changes: Parameters<typeof someResults>[0] = {}) {
  const found = judge(someResults(changes)).find((figure) => figure.what === what);
  if (found === undefined) throw new Error(`no figure "${what}"`);
  return found;
}

describe("judge", () => {
  it("keeps every limit of results that are good enough", () => {
    expect(judge(someResults()).filter(({ isMet }) => isMet === false)).to.deep.equal([]);
  });

  it("says of each limit whether it is kept", () => {
    const loads = [someLoad(0), someLoad(200, { medianRssMB: 201, cpuPercent: 5.1 })];
    expect(figureOf("memory (RSS), idle", { loads })).to.include({ limit: 200, isMet: true });
    expect(figureOf("memory (RSS), 200 changes/s", { loads })).to.include({ limit: 200, isMet: false });
    expect(figureOf("CPU, 200 changes/s", { loads })).to.include({ limit: 5, isMet: false });
    expect(figureOf("decisive event to patch, p99, idle")).to.include({ limit: 50 });
    expect(figureOf("decisive event to patch, p99, 200 changes/s")).to.include({ limit: 100 });
    expect(figureOf("200 bad rollouts at once, all rolled back")).to.include({ limit: 10 });
  });

  it("takes the slope of the growth series for the memory of a pod", () => {
    expect(figureOf("memory for each guarded pod").value).to.be.closeTo(2, 1e-9);
  });

  it("counts growth with pods beside guards as a miss once it is more than noise", () => {
    const what = "growth with 20,000 pods in namespaces without guards";
    const bystanders = { guards: 2_000, withoutMB: 140, bystanderPods: 20_000, withMB: 160 };
    expect(figureOf(what).isMet).to.equal(true);
    expect(figureOf(what, { bystanders }).isMet).to.equal(false);
  });

  it("leaves out what was not measured", () => {
    const { sync: _sync, loads: _loads, growth: _growth, bystanders: _bystanders, ...rest } = someResults();
    const whats = judge(rest).map(({ what }) => what);
    expect(whats.filter((what) => /sync|memory|^CPU|growth/.test(what))).to.deep.equal([]);
    expect(whats).to.have.lengthOf.greaterThan(0);
  });
});
