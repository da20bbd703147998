import { expect } from "chai";
import fc from "fast-check";
import { loadPromql, type PromqlReader, QueryError } from "./selectors.ts";

const OWN = { label: "namespace", operator: "=", value: "shop" } as const;

const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g;

describe("a confined query", () => {
  let promql: PromqlReader;
  before(async () => {
    promql = await loadPromql();
  });
  const confined = (query: string) => promql.withMatchers(query, [OWN]);
  const refusal = (query: string): string => {
    try {
      return `accepted: ${confined(query)}`;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return error.message;
    }
  };

  for (const [query, expected] of [
    ["up", 'up{namespace="shop"}'],
    ["up{}", 'up{namespace="shop"}'],
    ['up{job="a"}', 'up{namespace="shop",job="a"}'],
    ['up{job="a",}', 'up{namespace="shop",job="a",}'],
    // Both matchers must hold, so this finds nothing.
    ['up{namespace="other"}', 'up{namespace="shop",namespace="other"}'],
    ['up{namespace=~".*"}', 'up{namespace="shop",namespace=~".*"}'],
    ['up{namespace!="shop"}', 'up{namespace="shop",namespace!="shop"}'],
    ['{__name__="up"}', '{namespace="shop",__name__="up"}'],
    ['{__name__=~".+"}', '{namespace="shop",__name__=~".+"}'],
    ['{"my.metric"}', '{namespace="shop","my.metric"}'],
    ['{"my.metric","my.label"="}"}', '{namespace="shop","my.metric","my.label"="}"}'],
    ['{"namespace"="other","up"}', '{namespace="shop","namespace"="other","up"}'],
    ['up{job="}"} or up', 'up{namespace="shop",job="}"} or up{namespace="shop"}'],
    ["up{job='{'}", "up{namespace=\"shop\",job='{'}"],
    ["up{job=`\n}`}", 'up{namespace="shop",job=`\n}`}'],
    ['up{job="\\"}"}', 'up{namespace="shop",job="\\"}"}'],
    ["a / on(pod) group_left b", 'a{namespace="shop"} / on(pod) group_left b{namespace="shop"}'],
    ["a unless b and c", 'a{namespace="shop"} unless b{namespace="shop"} and c{namespace="shop"}'],
    ["rate(a[5m])", 'rate(a{namespace="shop"}[5m])'],
    ["max_over_time(a[1h:1m] offset 5m)", 'max_over_time(a{namespace="shop"}[1h:1m] offset 5m)'],
    ["a @ 1600000000 offset -1h", 'a{namespace="shop"} @ 1600000000 offset -1h'],
    ["a @ end()", 'a{namespace="shop"} @ end()'],
    [
      'label_replace(a, "namespace", "other", "", "")',
      'label_replace(a{namespace="shop"}, "namespace", "other", "", "")',
    ],
    ["sum by (namespace) (a)", 'sum by (namespace) (a{namespace="shop"})'],
    ['count_values("namespace", a)', 'count_values("namespace", a{namespace="shop"})'],
    ["absent(a)", 'absent(a{namespace="shop"})'],
    ["sum", 'sum{namespace="shop"}'],
    ["a # b\n+ c", 'a{namespace="shop"} \n+ c{namespace="shop"}'],
    ["a{ # }\n}", 'a{namespace="shop" \n}'],
    ["a # {", 'a{namespace="shop"}'],
    ["time()", "time()"],
    ["1", "1"],
  ] as const) {
    it(`asks ${JSON.stringify(query)} of its own namespace only`, () => {
      expect(confined(query)).to.equal(expected);
    });
  }

  for (const [query, said] of [
    ["", "not valid PromQL at character 1"],
    ["sum(", "not valid PromQL"],
    ['up{job="a" or namespace="other"}', "not valid PromQL at character 12"],
    ['up{job="a"}{namespace="other"}', "not valid PromQL"],
    ['up"} or up{namespace="other', "not valid PromQL"],
    ["up; other", "not valid PromQL"],
    ["up other", "not valid PromQL"],
    ["up{$newPods}", "not valid PromQL"],
    ["WITH (x = up) x", "not valid PromQL"],
    ["info(up)", "info() cannot be used"],
    ['up{job="a', "a string is not closed"],
    ['up{job="a\n"}', "a string is not closed"],
    ['up{job="a\\\n"}', "a string is not closed"],
    // Prometheus ends a comment at a carriage return, the grammar of its editor does not.
    ["up # \r + other", "a comment has a control character"],
    ["up # \u2028 + other", "a comment has a control character"],
    ["up # \v + other", "a comment has a control character"],
    ["up\u00a0+ other", "only ASCII characters"],
    ["up\r+ other", "only ASCII characters"],
    ["up\0", "not valid PromQL"],
    [`up{job="${"a".repeat(40_000)}"}`, "longer than 32000 characters"],
  ] as const) {
    it(`refuses ${JSON.stringify(query.slice(0, 40))}, and says why`, () => {
      expect(refusal(query)).to.contain(said);
    });
  }

  it("keeps its matcher in each selector, whatever a guard puts together", () => {
    const words = "up { } ( ) [5m] \" ' ` \\ , # = =~ + or sum namespace __name__ by : 1 $x".split(" ");
    const others = [" ", "\n", "\r", 'namespace="other"', '"other"', "offset 1m", "@ 1"];
    const pieces = fc.constantFrom(...words, ...others);
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const answer = refusal(parts.join(""));
        if (!answer.startsWith("accepted: ")) return;
        const query = answer.slice("accepted: ".length);
        const bare = query.replaceAll(STRING, "S");
        for (const [braces] of bare.matchAll(/\{[^}]*/g)) expect(braces, query).to.match(/^\{namespace=S/);
        const names = bare.replace(/\{[^}]*\}/g, "{}").replace(/\bby\s*\([^)]*\)/g, "");
        expect(names.match(/[\w:]*up[\w:]*(?![\w:])(?!\s*\{)/), query).to.equal(null);
      }),
      { numRuns: 5_000 },
    );
  });

  it("takes as a selector nothing but one", () => {
    const selector = (text: string) =>
      promql.selectorWith(text, [OWN, { label: "pod", operator: "=~", value: "a|b" }]);
    expect(selector('errors_total{code=~"5.."}')).to.equal(
      'errors_total{namespace="shop",pod=~"a|b",code=~"5.."}',
    );
    expect(selector(" up # comment")).to.equal('up{namespace="shop",pod=~"a|b"}');
    for (const text of ["up + up", "rate(up[5m])", "up offset 5m", "up[5m]", "(up)", "1", '"up"'])
      expect(() => selector(text), text).to.throw(QueryError, "must be the name of a metric");
  });

  it("adds a suffix to the name of a metric, and to nothing else", () => {
    const bucket = (text: string) => promql.selectorWith(text, [OWN], "_bucket");
    expect(bucket("latency_seconds")).to.equal('latency_seconds_bucket{namespace="shop"}');
    expect(bucket('latency_seconds {path="/"}')).to.equal(
      'latency_seconds_bucket {namespace="shop",path="/"}',
    );
    for (const text of ['{__name__="latency_seconds"}', '{"latency.seconds"}'])
      expect(() => bucket(text), text).to.throw(QueryError, "must begin with the name");
  });

  it("takes time in proportion to the query", () => {
    for (const piece of ["(", "{", "up+", "-", 'up{a="b",', "#", "[1m:"])
      expect(refusal(piece.repeat(3_000)), piece).to.match(/^(accepted|not valid|a comment)/);
  });
});
