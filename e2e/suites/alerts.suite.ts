// The alerts in the hands of Prometheus' own tool: each rule is valid, fires when it must, and is silent otherwise.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ALERTS } from "../../hack/generate/alerts/alert-table.ts";
import { prometheusPrograms } from "../../hack/prometheus/prometheus-programs.ts";
import { runProgram } from "../../hack/run-program.ts";

const RULES = join(import.meta.dirname, "../../config/monitoring/rolloutguard.rules.yaml");

/** Samples of a series, one a minute, in the notation of promtool. */
type Series = Readonly<Record<string, string>>;

interface Proof {
  /** Without the prefix of the product. */
  readonly alert: string;
  readonly series: Series;
  /** Minutes. */
  readonly firesAt: number;
  readonly silentAt?: number;
  /** The same, while all is well. */
  readonly well: Series;
}

const incident = (phase: string, brake: string, values: string): Series => ({
  [`rolloutguard_open_incidents{namespace="shop",workload="web",phase="${phase}",reason="NotReady",brake="${brake}",pod="a"}`]:
    values,
});

const PROOFS: readonly Proof[] = [
  {
    alert: "ServiceWithoutEndpoints",
    series: {
      'rolloutguard_ready_endpoints{namespace="shop",service="web",pod="a"}': "3 0x10",
      'rolloutguard_ready_endpoints{namespace="shop",service="web",pod="b"}': "3 0x10",
    },
    silentAt: 2,
    firesAt: 4,
    well: { 'rolloutguard_ready_endpoints{namespace="shop",service="web",pod="a"}': "1x10" },
  },
  {
    alert: "NotRecovered",
    series: incident("NotRecovered", "", "1x10"),
    firesAt: 1,
    well: incident("Verifying", "", "1x10"),
  },
  {
    alert: "IncidentHeld",
    series: incident("Held", "Veto", "1x10"),
    silentAt: 4,
    firesAt: 6,
    well: incident("Acting", "", "1x10"),
  },
  {
    alert: "RolledBack",
    series: { 'rolloutguard_rollbacks_total{outcome="sent"}': "0x5 1x20" },
    silentAt: 4,
    firesAt: 8,
    well: { 'rolloutguard_rollbacks_total{outcome="conflict"}': "0x5 1x20" },
  },
  {
    alert: "KeepsRollingBack",
    series: { 'rolloutguard_brakes_total{reason="RollbackLimitReached"}': "0x5 1x20" },
    silentAt: 4,
    firesAt: 8,
    well: { 'rolloutguard_brakes_total{reason="Cooldown"}': "0x5 1x20" },
  },
  {
    alert: "HasNoLeader",
    series: {
      'leader_election_master_status{name="rolloutguard",pod="a"}': "1x5 0x10",
      'leader_election_master_status{name="rolloutguard",pod="b"}': "0x15",
    },
    silentAt: 5,
    firesAt: 9,
    well: {
      'leader_election_master_status{name="rolloutguard",pod="a"}': "1x15",
      'leader_election_master_status{name="rolloutguard",pod="b"}': "0x15",
    },
  },
  {
    alert: "Down",
    series: {},
    silentAt: 4,
    firesAt: 6,
    well: { 'rolloutguard_build_info{version="1"}': "1x15" },
  },
  {
    alert: "ReconcileErrors",
    series: {
      'controller_runtime_reconcile_total{result="success"}': "0+4x60",
      'controller_runtime_reconcile_total{result="error"}': "0+1x60",
    },
    silentAt: 10,
    firesAt: 30,
    well: { 'controller_runtime_reconcile_total{result="success"}': "0+4x60" },
  },
  {
    alert: "Forbidden",
    series: { 'rest_client_requests_total{method="PATCH",code="403"}': "0+1x60" },
    silentAt: 5,
    firesAt: 20,
    well: { 'rest_client_requests_total{method="PATCH",code="409"}': "0+1x60" },
  },
  {
    alert: "QueueSlow",
    series: {
      'workqueue_queue_duration_seconds_bucket{le="5"}': "0+1x60",
      'workqueue_queue_duration_seconds_bucket{le="30"}': "0+9x60",
      'workqueue_queue_duration_seconds_bucket{le="+Inf"}': "0+9x60",
    },
    silentAt: 5,
    firesAt: 20,
    well: {
      'workqueue_queue_duration_seconds_bucket{le="5"}': "0+9x60",
      'workqueue_queue_duration_seconds_bucket{le="+Inf"}': "0+9x60",
    },
  },
  {
    alert: "MetricSourcesOutdated",
    series: { rolloutguard_metric_sources_up_to_date: "0x30" },
    silentAt: 5,
    firesAt: 12,
    well: { rolloutguard_metric_sources_up_to_date: "1x30" },
  },
];

describe("the alerts, read by promtool,", () => {
  let folder: string;
  let promtool: string;

  before(async () => {
    ({ promtool } = await prometheusPrograms(() => {}));
    folder = await mkdtemp(join(tmpdir(), "rolloutguard-alerts-"));
  });

  after(() => rm(folder, { recursive: true }));

  it("are valid rules", async () => {
    expect(await runProgram([promtool, "check", "rules", RULES])).to.include(`${ALERTS.length} rules found`);
  });

  it("are all proven", () => {
    expect(PROOFS.map(({ alert }) => `RolloutGuard${alert}`)).to.deep.equal(ALERTS.map(({ name }) => name));
  });

  for (const { alert, series, firesAt, silentAt, well } of PROOFS) {
    it(`RolloutGuard${alert} fires when it must, and only then`, async () => {
      expect(await firing(alert, series, firesAt), `after ${firesAt} min`).to.equal(true);
      if (silentAt !== undefined) expect(await firing(alert, series, silentAt)).to.equal(false);
      expect(await firing(alert, well, firesAt), "while all is well").to.equal(false);
    });
  }

  /** Whether the alert fires after so many minutes. */
  async function firing(alert: string, series: Series, minutes: number): Promise<boolean> {
    const file = join(folder, `${alert}.yaml`);
    const test = {
      rule_files: [RULES],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          // None is expected: the tool fails, and says which one fires.
          alert_rule_test: [{ eval_time: `${minutes}m`, alertname: `RolloutGuard${alert}`, exp_alerts: [] }],
        },
      ],
    };
    await writeFile(file, JSON.stringify(test));
    try {
      await runProgram([promtool, "test", "rules", file]);
      return false;
    } catch (error) {
      if (error instanceof Error && error.message.includes(`alertname="RolloutGuard${alert}"`)) return true;
      throw error;
    }
  }
});
