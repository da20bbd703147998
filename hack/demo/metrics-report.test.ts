import { expect } from "chai";
import { movedMetrics, parseMetrics } from "./metrics-report.ts";

describe("parseMetrics", () => {
  it("reads samples with and without labels, and skips comments", () => {
    const samples = parseMetrics('# HELP a What.\n# TYPE a counter\na 1\nb{x="1 2",y="}"} 2.5\n\n');
    expect([...samples]).to.deep.equal([
      ["a", 1],
      ['b{x="1 2",y="}"}', 2.5],
    ]);
  });
});

describe("movedMetrics", () => {
  const before = `
rolloutguard_incidents_total{reason="NotReady"} 1
rolloutguard_incidents_total{reason="CrashLooping"} 0
rolloutguard_detection_seconds_sum 25
rolloutguard_detection_seconds_count 1
rolloutguard_guards{phase="Healthy"} 5
`;

  it("tells by how much a counter grew, and nothing of one that did not", () => {
    const after = before.replace('"NotReady"} 1', '"NotReady"} 3');
    expect(movedMetrics(before, after)).to.deep.equal([
      { series: 'rolloutguard_incidents_total{reason="NotReady"}', change: "+2" },
    ]);
  });

  it("tells the mean of what a histogram gained", () => {
    const after = before.replace("_sum 25", "_sum 75").replace("_count 1", "_count 3");
    expect(movedMetrics(before, after)).to.deep.equal([
      { series: "rolloutguard_detection_seconds", change: "2, 25.0 s on average" },
    ]);
  });

  it("tells short times in milliseconds, with the labels of the series", () => {
    const after = `
controller_runtime_reconcile_time_seconds_sum{result="success"} 0.05
controller_runtime_reconcile_time_seconds_count{result="success"} 10
`;
    expect(movedMetrics("", after)).to.deep.equal([
      {
        series: 'controller_runtime_reconcile_time_seconds{result="success"}',
        change: "10, 5.0 ms on average",
      },
    ]);
  });

  it("leaves out gauges: they are where they are", () => {
    expect(movedMetrics(before, before.replace('"Healthy"} 5', '"Healthy"} 9'))).to.deep.equal([]);
  });
});
