import { expect } from "chai";
import { FINDING_REASONS } from "../api/reasons.ts";
import { apiCodeLabel, METRICS } from "./metric-table.ts";
import { createMetrics } from "./metrics.ts";

const bodyOf = async (metrics = createMetrics({ version: "1.2.3" })) => (await metrics.render()).body;

describe("createMetrics", () => {
  it("has a HELP and a TYPE line for every metric of the table", async () => {
    const body = await bodyOf();
    for (const { name, help, type } of Object.values(METRICS)) {
      expect(body).to.contain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
    }
  });

  it("shows every series with closed labels at 0 from the start", async () => {
    const body = await bodyOf();
    for (const reason of Object.keys(FINDING_REASONS)) {
      expect(body).to.contain(`rolloutguard_incidents_total{reason="${reason}"} 0\n`);
    }
    expect(body).to.contain('rolloutguard_rollbacks_total{outcome="not_recovered"} 0\n');
    expect(body).to.contain('rolloutguard_guards{phase="Healthy"} 0\n');
    expect(body).to.contain('rolloutguard_watch_restarts_total{resource="pods",reason="expired"} 0\n');
    expect(body).to.contain('rest_client_requests_total{method="PATCH",code="422"} 0\n');
    expect(body).to.contain("rolloutguard_recovery_seconds_count 0\n");
    expect(body).to.contain('controller_runtime_reconcile_time_seconds_count{result="terminal"} 0\n');
  });

  it("counts and observes", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    metrics.incidents.count({ reason: "CrashLooping" });
    metrics.incidents.count({ reason: "CrashLooping" }, 2);
    metrics.secondsToDetect.observe({}, 17);
    const body = await bodyOf(metrics);
    expect(body).to.contain('rolloutguard_incidents_total{reason="CrashLooping"} 3\n');
    expect(body).to.contain('rolloutguard_detection_seconds_bucket{le="15"} 0\n');
    expect(body).to.contain('rolloutguard_detection_seconds_bucket{le="20"} 1\n');
    expect(body).to.contain("rolloutguard_detection_seconds_sum 17\n");
  });

  it("reads gauges at each scrape and forgets what is no longer there", async () => {
    const metrics = createMetrics({ version: "1.2.3" });
    let endpoints = 3;
    metrics.guards.readFrom(() => [[{ phase: "Failing" }, 2]]);
    metrics.readyEndpoints.readFrom(() =>
      endpoints > 0 ? [[{ namespace: "shop", service: "cart" }, endpoints]] : [],
    );
    const first = await bodyOf(metrics);
    expect(first).to.contain('rolloutguard_guards{phase="Failing"} 2\n');
    expect(first).to.contain('rolloutguard_guards{phase="Healthy"} 0\n');
    expect(first).to.contain('rolloutguard_ready_endpoints{namespace="shop",service="cart"} 3\n');
    endpoints = 0;
    expect(await bodyOf(metrics)).not.to.contain('service="cart"');
  });

  it("keeps two sets of metrics apart", async () => {
    const one = createMetrics({ version: "1" });
    const other = createMetrics({ version: "2" });
    one.brakes.count({ reason: "Veto" });
    expect(await bodyOf(other)).to.contain('rolloutguard_brakes_total{reason="Veto"} 0\n');
    expect(await bodyOf(other)).to.contain(
      `rolloutguard_build_info{version="2",node="${process.versions.node}"} 1\n`,
    );
  });

  it("tells of its own process too", async () => {
    expect(await bodyOf()).to.contain("process_resident_memory_bytes");
  });
});

describe("METRICS", () => {
  it("names counters ..._total and histograms ..._seconds", () => {
    for (const { name, type } of Object.values(METRICS)) {
      if (type === "counter") expect(name).to.match(/_total$/);
      if (type === "histogram") expect(name).to.match(/_seconds$/);
    }
  });

  it("uses each name once", () => {
    const names = Object.values(METRICS).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
  });
});

describe("apiCodeLabel", () => {
  it("keeps usual codes, folds rare ones, and has a word for no answer", () => {
    expect(([200, 422, 418, "none"] as const).map(apiCodeLabel)).to.deep.equal([
      "200",
      "422",
      "other",
      "none",
    ]);
  });
});
