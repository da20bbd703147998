import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLogRecorder } from "../controller/testing/log-recorder.ts";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { openMetricSources } from "./open-metric-sources.ts";

describe("openMetricSources", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sources-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const open = (text: string | undefined) => {
    const file = join(folder, "sources.yaml");
    if (text !== undefined) writeFileSync(file, text);
    const { logger, lines } = createLogRecorder();
    const metrics = createMetrics({ version: "1" });
    const clock = new ManualClock();
    openMetricSources({ metricSources: file }, { clock, logger, metrics });
    const page = async () => (await metrics.render()).body;
    return { lines, page, clock, file };
  };

  it("shows each source's queries from the start, at 0", async () => {
    const { page } = open("sources: [{name: default, url: 'http://127.0.0.1:1', namespaces: ['*']}]");
    expect(await page())
      .to.contain('rolloutguard_metric_queries_total{source="default",result="success"} 0')
      .and.contain('rolloutguard_metric_queries_total{source="default",result="timeout"} 0')
      .and.contain("rolloutguard_metric_sources_up_to_date 1");
  });

  it("starts without sources when the file cannot be used, and shows that until it can", async () => {
    const { lines, page, clock, file } = open("sources: 1");
    expect(lines.map(({ level, message }) => `${level} ${message}`).join("\n")).to.contain(
      "error cannot use the file of metric sources",
    );
    expect(await page()).to.contain("rolloutguard_metric_sources_up_to_date 0");
    writeFileSync(file, "sources: []");
    clock.advance(10_000);
    expect(await page()).to.contain("rolloutguard_metric_sources_up_to_date 1");
  });
});
