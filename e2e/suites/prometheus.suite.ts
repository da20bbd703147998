// Metric sources on a real Prometheus, with samples of a time that is past: what the queries count, and what no guard gets to see.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { prometheusPrograms } from "../../hack/prometheus/prometheus-programs.ts";
import { type RunningPrometheus, runPrometheus } from "../../hack/prometheus/run-prometheus.ts";
import { MetricSources } from "../../src/answers/metrics/metric-sources.ts";
import { sampleOf } from "../../src/answers/metrics/sample.ts";
import { metricCheckSchema } from "../../src/api/metric-check.ts";
import type { MetricSampleQuestion, SampledPods } from "../../src/domain/snapshot/question.ts";
import { ClusterClock } from "../../src/kube/cluster-clock.ts";
import { type PastSeries, writePastSamples } from "../prometheus/past-samples.ts";

const FROM = Date.UTC(2026, 0, 1);
const SECONDS = 600;
/** Five minutes and five scrapes after the new pods began. */
const AT = FROM + 500_000;
/** What the series of others hold: whatever is made of it is larger than anything that is made of the guard's own. */
const FOREIGN = 1e200;

const of = (name: string, namespace: string, pod: string, labels = "") =>
  `${name}{namespace="${namespace}",pod="${pod}"${labels && `,${labels}`}}`;
/** A counter that grows by so many a second, from a second on. */
const growing =
  (perSecond: number, since = 0) =>
  (seconds: number) =>
    seconds < since ? undefined : Math.round((seconds - since) * perSecond);

const SERIES: readonly PastSeries[] = [
  { name: of("requests_total", "shop", "web-a-1", 'code="200"'), valueAt: growing(10) },
  { name: of("requests_total", "shop", "web-a-1", 'code="500"'), valueAt: growing(0.1) },
  { name: of("requests_total", "shop", "web-b-1", 'code="200"'), valueAt: growing(4, 150) },
  { name: of("requests_total", "shop", "web-b-1", 'code="500"'), valueAt: growing(1, 150) },
  // Restarted in the middle: its counter begins again.
  {
    name: of("requests_total", "shop", "web-b-2", 'code="200"'),
    valueAt: (seconds) => (seconds < 150 ? undefined : ((seconds - 150) % 225) * 4),
  },
  ...["0.5", "1.0", "+Inf"].map((le, index) => ({
    name: of("latency_seconds_bucket", "shop", "web-b-1", `le="${le}"`),
    valueAt: growing([1, 2, 8][index] ?? 0, 150),
  })),
  { name: of("named_total", "shop", "web-x2x4z"), valueAt: growing(1 / 3) },
  { name: of("idle_total", "shop", "web-b-1"), valueAt: () => 7 },
  { name: of("visible", "shop", "web-b-1"), valueAt: () => 1 },
  { name: of("visible", "other", "web-b-1"), valueAt: () => FOREIGN },
  { name: of("secret", "other", "web-b-1", 'job="}"'), valueAt: () => FOREIGN },
  { name: `secret{pod="web-b-1"}`, valueAt: () => FOREIGN },
];

const aSide = (hash: string, ...names: string[]): SampledPods => ({
  hash,
  replicaSet: `web-${hash}`,
  pods: names.map((name) => ({ name, uid: name, addresses: [], isHostNetwork: false, ports: [] })),
});

describe("metric sources, on a real Prometheus", () => {
  let folder: string;
  let prometheus: RunningPrometheus;
  let sources: MetricSources;

  before(async () => {
    const programs = await prometheusPrograms(() => {});
    folder = await mkdtemp(join(tmpdir(), "rolloutguard-prometheus-"));
    await mkdir(join(folder, "data"));
    const time = { from: FROM, seconds: SECONDS, everySeconds: 15 };
    await writePastSamples(programs.promtool, folder, SERIES, time);
    prometheus = await runPrometheus({ program: programs.prometheus, folder, host: "127.0.0.1", config: {} });
    const file = join(folder, "sources.yaml");
    const source = { name: "default", url: prometheus.url, namespaces: ["*"], limits: { perSecond: 1_000 } };
    await writeFile(file, JSON.stringify({ sources: [source] }));
    sources = new MetricSources({
      file,
      clock: new ClusterClock(),
      onQuery: () => {},
      onLoad: () => {},
      onProblem: (why) => {
        throw new Error(why);
      },
    });
    sources.start();
  });

  after(async () => {
    await sources?.stop();
    await prometheus?.stop();
    await rm(folder, { recursive: true });
  });

  const ask = (
    check: object,
    sides: Pick<MetricSampleQuestion, "new" | "old">,
    time: Partial<Pick<MetricSampleQuestion, "endAt" | "windowMs">> = {},
  ) =>
    sampleOf(
      {
        ask: "metricSample",
        key: "metric",
        for: "decide",
        maxAgeMs: 15_000,
        check: metricCheckSchema.parse({ name: "check", ...check }),
        namespace: "shop",
        workload: "web",
        windowMs: 300_000,
        endAt: AT,
        ...sides,
        ...time,
      },
      sources,
    );
  const askValue = (query: string) => ask({ query, max: 1 }, BOTH);
  const RATIO = { ratio: { bad: 'requests_total{code=~"5.."}', total: "requests_total" } };
  const BOTH = { new: aSide("b", "web-b-1", "web-b-2"), old: aSide("a", "web-a-1") };

  it("counts the requests of the window by pod, through a restart, and extrapolates little", async () => {
    const answer = await ask(RATIO, BOTH);
    if (answer.kind !== "counts" || typeof answer.new !== "object" || typeof answer.old !== "object")
      throw new Error(JSON.stringify(answer));
    expect(answer.new.pods.map(({ pod, bad }) => ({ pod, bad }))).to.deep.equal([
      { pod: "web-b-1", bad: 300 },
      { pod: "web-b-2", bad: 0 },
    ]);
    const [steady, restarted] = answer.new.pods;
    expect(steady?.total).to.equal(1_500);
    expect(restarted?.total).to.be.within(1_100, 1_300);
    expect(answer.old.bad).to.be.within(29, 32);
    expect(answer.old.total).to.be.within(2_950, 3_100);
  });

  it("counts the same for all pods of a ReplicaSet, by its name", async () => {
    const gone = { new: aSide("b"), old: aSide("a") };
    const names = (await ask(RATIO, gone)) as { readonly new: unknown };
    expect(names.new).to.equal("noSeries");
    const suffixed = { new: { ...aSide("b"), replicaSet: "web" } };
    expect(await ask({ ratio: { bad: "none", total: "named_total" } }, suffixed)).to.have.nested.property(
      "new.total",
      100,
    );
  });

  it("tells no growth, no such series and no old pods apart", async () => {
    const idle = { ratio: { bad: "nothing_total", total: "idle_total" } };
    expect(await ask(idle, BOTH)).to.deep.include({
      new: { bad: 0, total: 0, pods: [{ pod: "web-b-1", bad: 0, total: 0 }] },
      old: "noSeries",
    });
    expect(await ask(idle, { new: BOTH.new })).to.not.have.property("old");
    expect(await ask(RATIO, BOTH, { endAt: FROM - 60_000 })).to.deep.include({
      new: "noSeries",
      old: "noSeries",
    });
  });

  it("asks about a time before the rollout", async () => {
    const before = await ask(RATIO, BOTH, { endAt: FROM + 140_000, windowMs: 120_000 });
    expect(before)
      .to.deep.include({ new: "noSeries" })
      .and.have.nested.property("old.total")
      .that.is.within(1_100, 1_300);
  });

  it("counts slow requests by a bucket, and says which there are", async () => {
    const latency = (above: string) => ask({ latency: { histogram: "latency_seconds", above } }, BOTH);
    expect(await latency("1s")).to.deep.include({
      new: { bad: 1_800, total: 2_400, pods: [{ pod: "web-b-1", bad: 1_800, total: 2_400 }] },
    });
    expect(await latency("2s")).to.deep.equal({
      kind: "invalid",
      message: "latency.above: latency_seconds has no bucket of 2s; it has 500ms, 1s",
    });
  });

  for (const [query, value] of [
    ["visible", 1],
    ["max(visible) + 1", 2],
    ["count(visible)", 1],
    ['count({__name__=~"visible|secret"})', 1],
    ['max(visible{namespace=~".*"})', 1],
    ['max({__name__="visible",namespace=~".*"})', 1],
    ["absent(secret)", 1],
    ["max_over_time(max(visible)[5m:1m] offset 1m)", 1],
    [`max(visible @ ${FROM / 1_000 + 60})`, 1],
    ['label_replace(visible, "namespace", "other", "", "")', 1],
    ["secret", "noSeries"],
    ['secret{namespace="other"}', "noSeries"],
    ['secret{namespace=""}', "noSeries"],
    ["secret{namespace!='shop'}", "noSeries"],
    ["secret{job='}'}", "noSeries"],
    ["visible # }\n{namespace='other'}", "noSeries"],
    ["0 / 0", "noSeries"],
    ["sum(visible) / 0", "noSeries"],
  ] as const) {
    it(`answers ${query} with ${value}: nothing of another namespace`, async () => {
      expect(await askValue(query)).to.deep.include({ kind: "value", value });
    });
  }

  it("shows nothing of others, whatever a guard puts together", async () => {
    const words =
      "visible secret { } ( ) [5m] \" ' ` , # = =~ != + or unless max sum by : 1 namespace on offset".split(
        " ",
      );
    const more = [" ", "\n", "\r", 'namespace="other"', '""', '"other"', "@ end()", "group_left", "[5m:1m]"];
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...words, ...more), { minLength: 1, maxLength: 12 }),
        async (parts) => {
          const answer = await askValue(parts.join("")).catch(() => undefined);
          if (answer?.kind !== "value" || answer.value === "noSeries") return;
          answered += 1;
          expect(Math.abs(answer.value), answer.queries.join()).to.be.below(FOREIGN / 1e50);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(answered).to.be.greaterThan(0);
  });
});
