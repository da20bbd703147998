import { expect } from "chai";
import { type MetricCheck, metricCheckSchema } from "../../api/metric-check.ts";
import type { AskedPod } from "../../domain/snapshot/asked-pod.ts";
import type { MetricSampleQuestion, SampledPods } from "../../domain/snapshot/question.ts";
import type { PrometheusQuery } from "./prometheus-client.ts";
import type { QueryResult, Series } from "./query-result.ts";
import { sampleSource } from "./sample-source.ts";
import { loadPromql, type PromqlReader, QueryError } from "./selectors.ts";
import { SourceError } from "./source-error.ts";
import { parseSourceFile } from "./source-file.ts";

const AT = Date.UTC(2026, 0, 1);
const RATIO = { ratio: { bad: 'requests_total{code=~"5.."}', total: "requests_total" } };
const LATENCY = { latency: { histogram: "latency_seconds", above: "1s" } };

const aPod = (name: string): AskedPod => ({
  name,
  uid: name,
  addresses: [],
  isHostNetwork: false,
  ports: [],
});

const aSide = (hash: string, names: readonly string[]): SampledPods => ({
  hash,
  replicaSet: `web-${hash}`,
  pods: names.map(aPod),
});

function aQuestion(check: object, sides: Pick<MetricSampleQuestion, "new" | "old">): MetricSampleQuestion {
  return {
    ask: "metricSample",
    key: "metric:errors",
    for: "decide",
    maxAgeMs: 15_000,
    check: metricCheckSchema.parse({ name: "errors", ...check }) as MetricCheck,
    namespace: "shop",
    workload: "web",
    windowMs: 300_000,
    ...sides,
  };
}

const vector = (...series: readonly (readonly [Record<string, string>, number])[]): QueryResult => ({
  type: "vector",
  series: series.map(([labels, value]): Series => ({ labels, value })),
});

describe("a metric check, asked of a source", () => {
  let promql: PromqlReader;
  before(async () => {
    promql = await loadPromql();
  });

  /** Asks with these results, in order. */
  async function sample(
    question: MetricSampleQuestion,
    results: readonly (QueryResult | Error)[],
    fields: object = {},
  ) {
    const [config] = parseSourceFile(
      JSON.stringify({ sources: [{ name: "default", url: "http://p", namespaces: ["*"], ...fields }] }),
    );
    if (!config) throw new Error("no source");
    const asked: PrometheusQuery[] = [];
    const ask = (query: PrometheusQuery) => {
      const result = results[asked.length];
      asked.push(query);
      return result instanceof Error || result === undefined
        ? Promise.reject(result)
        : Promise.resolve(result);
    };
    const answer = await sampleSource(question, { config, ask }, promql, AT);
    return { answer, asked };
  }

  const BOTH = { new: aSide("b", ["web-b-1", "web-b-2"]), old: aSide("a", ["web-a-1"]) };

  it("counts bad requests and all requests of each pod, all at one moment, in the guard's namespace", async () => {
    const { answer, asked } = await sample(aQuestion(RATIO, BOTH), [
      vector([{ pod: "web-b-1" }, 3.4]),
      vector([{ pod: "web-b-1" }, 10.2], [{ pod: "web-b-2" }, 12.6], [{ pod: "web-a-1" }, 100]),
    ]);
    const pods = 'namespace="shop",pod=~"web-b-1|web-b-2|web-a-1"';
    expect(asked).to.deep.equal([
      {
        query: `sum by (pod) (increase(requests_total{${pods},code=~"5.."}[300s]))`,
        at: AT,
        namespace: "shop",
      },
      { query: `sum by (pod) (increase(requests_total{${pods}}[300s]))`, at: AT, namespace: "shop" },
    ]);
    expect(answer).to.deep.equal({
      kind: "counts",
      new: {
        bad: 3,
        total: 23,
        pods: [
          { pod: "web-b-1", bad: 3, total: 10 },
          { pod: "web-b-2", bad: 0, total: 13 },
        ],
      },
      old: { bad: 0, total: 100, pods: [{ pod: "web-a-1", bad: 0, total: 100 }] },
      queries: asked.map(({ query }) => query),
    });
  });

  it("tells no requests from no series", async () => {
    const { answer } = await sample(aQuestion(RATIO, BOTH), [vector(), vector([{ pod: "web-b-1" }, 0])]);
    expect(answer).to.deep.include({
      new: { bad: 0, total: 0, pods: [{ pod: "web-b-1", bad: 0, total: 0 }] },
      old: "noSeries",
    });
  });

  it("takes NaN for no series, and never has more bad requests than requests", async () => {
    const { answer } = await sample(aQuestion(RATIO, BOTH), [
      vector([{ pod: "web-b-1" }, 12], [{ pod: "web-a-1" }, Number.NaN]),
      vector([{ pod: "web-b-1" }, 10], [{ pod: "web-a-1" }, Number.NaN]),
    ]);
    expect(answer).to.deep.include({ old: "noSeries" }).and.have.nested.property("new.bad", 10);
  });

  it("says nothing of a side that was not asked about, nor of other pods", async () => {
    const { answer } = await sample(aQuestion(RATIO, { new: BOTH.new }), [
      vector([{ pod: "web-a-1" }, 5]),
      vector([{ pod: "web-a-1" }, 9], [{ pod: "web-b-1" }, 4]),
    ]);
    expect(answer).to.not.have.property("old");
    expect(answer).to.have.nested.property("new.total", 4);
  });

  it("names ReplicaSets instead of more than 60 pods, and finds pods that are gone by that name", async () => {
    const names = Array.from({ length: 70 }, (_, index) => `web-b-${String(index).padStart(5, "0")}`);
    const { answer, asked } = await sample(
      aQuestion(RATIO, { new: aSide("b", names), old: aSide("a.c", []) }),
      [
        vector(),
        vector(
          [{ pod: "web-b-00069" }, 4],
          [{ pod: "web-b-terminated" }, 100],
          [{ pod: "web-a.c-x2x4z" }, 7],
        ),
      ],
    );
    expect(asked[1]?.query).to.contain('pod=~"web-b-[a-z0-9]{5}|web-a[.]c-[a-z0-9]{5}"');
    expect(answer).to.have.nested.property("new.total", 4);
    expect(answer).to.have.nested.property("old.total", 7);
  });

  it("uses the labels of the source", async () => {
    const { asked } = await sample(aQuestion(RATIO, { new: aSide("b", ["web-b-1"]) }), [vector(), vector()], {
      podLabel: "exported_pod",
      confine: { label: "exported_namespace" },
    });
    expect(asked[1]?.query).to.equal(
      'sum by (exported_pod) (increase(requests_total{exported_namespace="shop",exported_pod=~"web-b-1"}[300s]))',
    );
    const open = await sample(aQuestion(RATIO, { new: aSide("b", ["p"]) }), [vector(), vector()], {
      confine: false,
    });
    expect(open.asked[1]?.query).to.equal('sum by (pod) (increase(requests_total{pod=~"p"}[300s]))');
  });

  it("counts slow requests by a bucket bound, in one query, however the client writes the bound", async () => {
    for (const le of ["1", "1.0", "1e+00", "1.0E0"]) {
      const { answer, asked } = await sample(aQuestion(LATENCY, { new: BOTH.new }), [
        vector([{ pod: "web-b-1", le }, 70], [{ pod: "web-b-1", le: "+Inf" }, 100]),
      ]);
      expect(asked).to.have.length(1);
      const pattern = /le=~"([^"]*)"/.exec(asked[0]?.query ?? "")?.[1];
      expect(le).to.match(new RegExp(`^(?:${pattern})$`));
      expect(answer).to.deep.include({
        new: { bad: 30, total: 100, pods: [{ pod: "web-b-1", bad: 30, total: 100 }] },
      });
    }
  });

  it("says which buckets there are when none has the bound", async () => {
    const results = [
      vector([{ pod: "web-b-1", le: "+Inf" }, 100]),
      vector([{ le: "0.5" }, 1], [{ le: "+Inf" }, 1], [{ le: "0.05" }, 1], [{ le: "2.5" }, 1]),
    ];
    const error: unknown = await sample(aQuestion(LATENCY, BOTH), results).catch((error: unknown) => error);
    expect(error)
      .to.be.instanceOf(QueryError)
      .with.property(
        "message",
        "latency.above: latency_seconds has no bucket of 1s; it has 50ms, 500ms, 2.5s",
      );
  });

  it("counts no pod as slow whose bucket is missing", async () => {
    const { answer } = await sample(aQuestion(LATENCY, BOTH), [
      vector(
        [{ pod: "web-b-1", le: "1" }, 10],
        [{ pod: "web-b-1", le: "+Inf" }, 10],
        [{ pod: "web-a-1", le: "+Inf" }, 9],
      ),
    ]);
    expect(answer).to.deep.include({ old: "noSeries" }).and.have.nested.property("new.bad", 0);
  });

  it("understands histograms of milliseconds", async () => {
    const check = { latency: { histogram: "latency_milliseconds", above: "1s" } };
    const { asked } = await sample(aQuestion(check, { new: BOTH.new }), [vector()]);
    expect(asked[0]?.query).to.contain('le=~"1000|1000[.]0|1e[+]03|1[.]0E3|[+]Inf"');
  });

  it("asks a query with its variables, confined", async () => {
    const query =
      'max(queue{pod=~"$newPods"}) / max(queue{pod=~"$oldPods",x="$namespace/$deployment/$newHash"}[$window])';
    const { answer, asked } = await sample(aQuestion({ query, max: 5 }, { new: BOTH.new }), [
      vector([{}, 7]),
    ]);
    expect(asked[0]?.query).to.equal(
      'max(queue{namespace="shop",pod=~"web-b-1|web-b-2"}) / max(queue{namespace="shop",pod=~"-",x="shop/web/b"}[300s])',
    );
    expect(answer).to.deep.equal({ kind: "value", value: 7, queries: [asked[0]?.query] });
  });

  for (const [what, result, value] of [
    ["a scalar", { type: "scalar", value: 3 }, 3],
    ["no series", vector(), "noSeries"],
    ["NaN", vector([{}, Number.NaN]), "noSeries"],
    ["zero", vector([{}, 0]), 0],
  ] as const) {
    it(`takes ${what} of a query for ${value}`, async () => {
      const { answer } = await sample(aQuestion({ query: "up", max: 5 }, BOTH), [result]);
      expect(answer).to.have.property("value", value);
    });
  }

  for (const [what, check, results, said] of [
    [
      "several series",
      { query: "up", max: 5 },
      [vector([{ a: "1" }, 1], [{ a: "2" }, 1])],
      "query: it returns 2 series",
    ],
    [
      "a range",
      { query: "up[5m]", max: 5 },
      [{ type: "other", name: "matrix" }],
      "query: it returns a matrix",
    ],
    ["an unknown variable", { query: "up > $limit", max: 5 }, [], "query: there is no variable $limit"],
    ["no PromQL", { query: "up >", max: 5 }, [], "query: not valid PromQL"],
    [
      "a query that the source cannot parse",
      { query: "up", max: 5 },
      [new SourceError("status", "400", { isBadQuery: true })],
      "query:",
    ],
    [
      "an expression as a counter",
      { ratio: { bad: "rate(a[1m])", total: "b" } },
      [],
      "ratio.bad: it must be the name",
    ],
    [
      "no name of a histogram",
      { latency: { histogram: '{a="b"}', above: "1s" } },
      [],
      "latency.histogram: it must begin",
    ],
  ] as const) {
    it(`takes ${what} for a mistake in the guard, and says where`, async () => {
      const error: unknown = await sample(aQuestion(check, BOTH), results).catch((error: unknown) => error);
      expect(error).to.be.instanceOf(QueryError).with.property("message").that.contains(said);
    });
  }

  it("leaves other failures of the source what they are", async () => {
    const failure = new SourceError("status", "400", { isBadQuery: true });
    const error: unknown = await sample(aQuestion(RATIO, BOTH), [failure, failure]).catch(
      (error: unknown) => error,
    );
    expect(error).to.equal(failure);
  });
});
