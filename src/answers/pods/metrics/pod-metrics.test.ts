import { expect } from "chai";
import { type MetricCheck, metricCheckSchema } from "../../../api/metric-check.ts";
import type { AskedPod } from "../../../domain/snapshot/asked-pod.ts";
import type { MetricSampleQuestion } from "../../../domain/snapshot/question.ts";
import { ManualClock } from "../../../kube/testing/manual-clock.ts";
import { anAskedPod, aPodClient } from "../testing/asked-pods.ts";
import { answering, type LoopbackPod, startLoopbackPod } from "../testing/loopback-pod.ts";
import { PodMetrics } from "./pod-metrics.ts";

const RATIO = { ratio: { bad: 'http_requests_total{code=~"5.."}', total: "http_requests_total" } };

/** The metrics of an application with these requests by status. */
const requests = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([code, count]) => `http_requests_total{code="${code}"} ${count}\n`)
    .join("");

/** Requests by bucket, cumulative, as histograms are. */
const durations = (buckets: Readonly<Record<string, number>>, count: number) =>
  [
    ...Object.entries(buckets).map(
      ([le, value]) => `http_request_duration_seconds_bucket{le="${le}"} ${value}`,
    ),
    `http_request_duration_seconds_bucket{le="+Inf"} ${count}`,
    `http_request_duration_seconds_count ${count}`,
    "http_request_duration_seconds_sum 1\n",
  ].join("\n");

describe("PodMetrics", () => {
  const servers: LoopbackPod[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  /** A pod whose metrics the test changes. */
  async function aPod(name: string, change: Partial<AskedPod> = {}) {
    const served = { text: "", status: "200 OK" };
    const server = await startLoopbackPod((socket, head) =>
      answering(served.status, served.text)(socket, head),
    );
    servers.push(server);
    return { served, server, pod: anAskedPod(server, { name, uid: `uid-of-${name}`, ...change }) };
  }

  function aSampling(written: object) {
    const clock = new ManualClock();
    const metrics = new PodMetrics(aPodClient({ clock }));
    const check: MetricCheck = metricCheckSchema.parse({ name: "errors", source: "pods", ...written });
    const sample = async (
      newPods: readonly AskedPod[] | undefined,
      oldPods?: readonly AskedPod[],
      change: Partial<MetricSampleQuestion> = {},
    ) => {
      const side = (hash: string, pods: readonly AskedPod[] | undefined) =>
        pods && { hash, replicaSet: `web-${hash}`, pods };
      const answer = await metrics.sample({
        ask: "metricSample",
        key: "k",
        for: "decide",
        maxAgeMs: 15_000,
        check,
        windowMs: 300_000,
        namespace: "shop",
        workload: "web",
        new: side("new", newPods),
        old: side("old", oldPods),
        ...change,
      });
      clock.advance(15_000);
      return answer;
    };
    return { sample, clock };
  }

  it("counts the requests of both sides between two scrapes, pod by pod", async () => {
    const { sample } = aSampling(RATIO);
    const [a, b, old] = [await aPod("new-a"), await aPod("new-b"), await aPod("old-a")];
    a.served.text = requests({ 200: 10 });
    b.served.text = requests({ 200: 0 });
    old.served.text = requests({ 200: 5_000, 500: 40 });
    const ask = () => sample([a.pod, b.pod], [old.pod]);
    expect(await ask()).to.include({ kind: "counts", new: "noSeries", old: "noSeries" });
    a.served.text = requests({ 200: 90, 500: 20 });
    b.served.text = requests({ 200: 50, 503: 1 });
    old.served.text = requests({ 200: 5_100, 500: 41 });
    expect(await ask()).to.deep.equal({
      kind: "counts",
      new: {
        bad: 21,
        total: 151,
        pods: [
          { pod: "new-a", bad: 20, total: 100 },
          { pod: "new-b", bad: 1, total: 51 },
        ],
      },
      old: { bad: 1, total: 101, pods: [{ pod: "old-a", bad: 1, total: 101 }] },
      queries: ['http_requests_total{code=~"5.."}', "http_requests_total"],
    });
  });

  it("counts the slow requests by the buckets of a histogram", async () => {
    const { sample } = aSampling({ latency: { histogram: "http_request_duration_seconds", above: "500ms" } });
    const web = await aPod("new-a");
    web.served.text = durations({ "0.1": 5, "0.50": 10 }, 10);
    await sample([web.pod]);
    web.served.text = durations({ "0.1": 5, "0.50": 12 }, 40);
    expect(await sample([web.pod])).to.deep.include({
      new: { bad: 28, total: 30, pods: [{ pod: "new-a", bad: 28, total: 30 }] },
    });
  });

  it("says which buckets there are where none has the limit", async () => {
    const { sample } = aSampling({ latency: { histogram: "http_request_duration_seconds", above: "1s" } });
    const web = await aPod("new-a");
    web.served.text = durations({ "0.1": 5, "2.5": 10 }, 10);
    expect(await sample([web.pod])).to.deep.equal({
      kind: "invalid",
      message: "http_request_duration_seconds_bucket has no bucket of 1s; it has 0.1s, 2.5s",
    });
  });

  it("follows counters through the restart of a container", async () => {
    const { sample } = aSampling(RATIO);
    const web = await aPod("new-a");
    for (const text of [requests({ 200: 100 }), requests({ 200: 150 }), requests({ 200: 3, 500: 2 })]) {
      web.served.text = text;
      await sample([web.pod]);
    }
    web.served.text = requests({ 200: 4, 500: 2 });
    expect(await sample([web.pod])).to.deep.include({
      new: { bad: 2, total: 56, pods: [{ pod: "new-a", bad: 2, total: 56 }] },
    });
  });

  it("has no series where the application serves none of that name, and counts no errors where it serves none yet", async () => {
    const { sample } = aSampling(RATIO);
    const [without, quiet] = [await aPod("without"), await aPod("quiet")];
    without.served.text = "up 1\n";
    quiet.served.text = requests({ 200: 0 });
    await sample([without.pod], [quiet.pod]);
    expect(await sample([without.pod], [quiet.pod])).to.deep.include({
      new: "noSeries",
      old: { bad: 0, total: 0, pods: [{ pod: "quiet", bad: 0, total: 0 }] },
    });
  });

  it("reads port and path from the check, then from the annotations, then the usual ones", async () => {
    const { sample } = aSampling({ ...RATIO, path: "/from-check" });
    const usual = aSampling(RATIO);
    const web = await aPod("web", { scrape: { path: "/from-annotation" } });
    await sample([web.pod]);
    await usual.sample([web.pod]);
    await usual.sample([{ ...web.pod, scrape: undefined }]);
    const asked = web.server.requests.map((head) => head.split(" ")[1]);
    expect(asked).to.deep.equal(["/from-check", "/from-annotation", "/metrics"]);
    const elsewhere = { ...web.pod, scrape: { path: "/metrics", port: 9_999 } };
    const failure = await usual.sample([elsewhere]).catch((error: unknown) => error);
    expect(failure).to.have.property(
      "message",
      "Cannot read the metrics of pod web: no container declares the port 9999",
    );
  });

  it("leaves out a pod that cannot be read, and is no answer when none of a side can", async () => {
    const { sample } = aSampling(RATIO);
    const [well, ill] = [await aPod("well"), await aPod("ill")];
    ill.served.status = "500 Internal Server Error";
    well.served.text = requests({ 200: 1 });
    await sample([well.pod, ill.pod]);
    well.served.text = requests({ 200: 2 });
    expect(await sample([well.pod, ill.pod])).to.deep.include({
      new: { bad: 0, total: 1, pods: [{ pod: "well", bad: 0, total: 1 }] },
    });
    for (const sides of [[[ill.pod]], [[well.pod], [ill.pod]]] as const) {
      const failure = await sample(sides[0], sides[1]).catch((error: unknown) => error);
      expect(failure).to.have.property("message", "Cannot read the metrics of pod ill: it answered 500");
    }
  });

  it("reads ten pods of a side, always the same ones", async () => {
    const { sample } = aSampling(RATIO);
    const { pod, server, served } = await aPod("web");
    served.text = requests({ 200: 1 });
    const pods = Array.from({ length: 25 }, (_, index) => ({
      ...pod,
      name: `web-${index}`,
      uid: `uid-${index}`,
    }));
    await sample(pods);
    served.text = requests({ 200: 2 });
    const answer = await sample(pods.toReversed());
    expect(server.connections()).to.equal(20);
    expect(answer).to.have.nested.property("new.total", 10);
  });

  it("reads no more than 2 MiB", async () => {
    const { sample } = aSampling(RATIO);
    const web = await aPod("web");
    web.served.text = `${requests({ 200: 1 })}# ${"x".repeat(2 * 1_024 * 1_024)}`;
    const failure = await sample([web.pod]).catch((error: unknown) => error);
    expect(failure).to.have.property("message").that.contains("larger than 2 MiB");
  });

  it("takes a metric with thousands of series for a mistake in the check", async () => {
    const { sample } = aSampling(RATIO);
    const web = await aPod("web");
    web.served.text = Array.from({ length: 2_001 }, (_, id) => `http_requests_total{id="${id}"} 1\n`).join(
      "",
    );
    expect(await sample([web.pod]))
      .to.have.property("message")
      .that.contains("choose fewer by their labels");
  });

  it("knows nothing of the past", async () => {
    const { sample } = aSampling(RATIO);
    expect(await sample(undefined, [], { endAt: 1 })).to.deep.include({
      kind: "counts",
      new: undefined,
      old: "noSeries",
    });
  });

  it("forgets pods that nobody asks about for five minutes", async () => {
    const { sample, clock } = aSampling(RATIO);
    const [web, other] = [await aPod("web"), await aPod("other")];
    for (const { served } of [web, other]) served.text = requests({ 200: 1 });
    await sample([web.pod]);
    clock.advance(300_000);
    await sample([other.pod]);
    expect(await sample([web.pod])).to.include({ new: "noSeries" });
  });

  it("says what is wrong with a selector", async () => {
    const { sample } = aSampling({ ratio: { bad: "rate(errors[5m])", total: "requests" } });
    expect(await sample([]))
      .to.have.property("message")
      .that.contains('"rate(errors[5m])" must be the name of a metric');
  });
});
