// Metric checks on a real cluster: a real Prometheus scrapes real pods with real callers, and the installed operator asks it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE_ADDRESS } from "../../hack/local-cluster/configuration/addresses.ts";
import { podScraping } from "../../hack/prometheus/pod-scraping.ts";
import { prometheusPrograms } from "../../hack/prometheus/prometheus-programs.ts";
import { type RunningPrometheus, runPrometheus } from "../../hack/prometheus/run-prometheus.ts";
import { type ClusterClient, connectCluster } from "../clusters/cluster-client.ts";
import { METRIC_SCENARIOS } from "../prometheus/metric-scenarios.ts";
import { openShops } from "../prometheus/shops.ts";
import { type Performance, playScenarios } from "../scenarios/play-scenarios.ts";
import { titleOf } from "../scenarios/scenario.ts";
import { layWire, type Wire } from "../testing/wire.ts";
import { underTest } from "./under-test.ts";

/** Of the sources in e2e/installed/overlay. */
const PORT = 9_090;
const FRAGILE_PORT = 9_091;

describe("metric checks", () => {
  const { cluster, round, only } = underTest();
  const suffix = round > 1 ? `-${round}` : "";
  const all = METRIC_SCENARIOS({ cutOff: () => fragile?.cut() });
  const chosen = all.filter(({ scenario }) => titleOf(scenario).includes(only));
  let folder: string | undefined;
  let prometheus: RunningPrometheus | undefined;
  let fragile: Wire | undefined;
  let client: ClusterClient | undefined;
  let closeShops = () => {};
  let performance: Performance;

  before(async function () {
    // Pods reach what runs in their node's network, which is where this process is.
    if (cluster.name !== "local") this.skip();
    const { prometheus: program } = await prometheusPrograms(() => {});
    folder = await mkdtemp(join(tmpdir(), "rolloutguard-prometheus-"));
    const targetsFile = join(folder, "targets.json");
    const config = podScraping(targetsFile, 2);
    prometheus = await runPrometheus({ program, folder, host: NODE_ADDRESS, port: PORT, config });
    fragile = await layWire(prometheus.url, { host: NODE_ADDRESS, port: FRAGILE_PORT });
    client = connectCluster(cluster.kubeConfig);
    const busy = chosen.filter(({ perSecond }) => perSecond > 0);
    const rates = busy.map(({ scenario, perSecond }) => [`${scenario.name}${suffix}`, perSecond] as const);
    closeShops = openShops({ client, targetsFile, callsPerSecond: new Map(rates) });
    performance = playScenarios(
      cluster,
      chosen.map(({ scenario }) => scenario),
      { suffix, spacingMs: 1_000 },
    );
  });

  after(async () => {
    await performance?.ended;
    closeShops();
    fragile?.cut();
    await client?.close();
    await prometheus?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  for (const { scenario } of chosen) {
    it(titleOf(scenario), async () => {
      const { problem } = await performance.result(scenario.name);
      if (problem) throw problem;
    });
  }
});
