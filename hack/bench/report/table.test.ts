import { expect } from "chai";
import { someLoad, someResults } from "../testing/some-results.ts";
import { judge } from "./judge.ts";
import { resultsTable } from "./table.ts";

const tableOf = (results: ReturnType<typeof someResults>) =>
  resultsTable(results, judge(results)).split("\n");

describe("the table of the bench", () => {
  it("shows each figure beside its limit, and marks what is missed", () => {
    const lines = tableOf(someResults({ loads: [someLoad(200, { cpuPercent: 9.4 })] }));
    expect(lines.find((line) => line.startsWith("memory (RSS), 200"))).to.match(/150 MB +≤ 200 {2}✓$/);
    expect(lines.find((line) => line.startsWith("CPU, 200"))).to.match(/9\.40 % of a core +≤ 5 {2}✗ missed$/);
  });

  it("says on what was measured, and what could not be", () => {
    const lines = tableOf(someResults({ problems: ["200 bad rollouts at once: the operator ended"] }));
    expect(lines[0])
      .to.include("2,000 guarded Deployments")
      .and.to.include("8,000 of them in namespaces without");
    expect(lines[1]).to.include("abc1234").and.to.include("HTTP/1.1");
    expect(lines[1]).not.to.include("beside other work");
    expect(lines.at(-1)).to.equal("NOT MEASURED: 200 bad rollouts at once: the operator ended");
  });

  it("says so when the machine was busy already", () => {
    const { machine } = someResults();
    const lines = tableOf(someResults({ machine: { ...machine, loadBefore: 12.5 } }));
    expect(lines[1]).to.include("beside other work: the load was 12.5 before it started");
  });
});
