import { parser } from "@prometheus-io/lezer-promql";
import { expect } from "chai";
import type { MetricDescription } from "../../../src/telemetry/metric-description.ts";
import { METRICS } from "../../../src/telemetry/metric-table.ts";
import { renderChart } from "../testing/chart.ts";
import { only } from "../testing/overlay.ts";
import { ruleOf } from "./alert-files.ts";
import { ALERTS } from "./alert-table.ts";

const METRICS_BY_NAME = new Map<string, MetricDescription>(
  Object.values(METRICS).map((metric) => [metric.name, metric]),
);

/** The texts of the nodes of a kind, in an expression of PromQL. */
function nodesOf(expr: string, kind: string): readonly string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => {
      if (name === kind) found.push(expr.slice(from, to));
    },
  });
  return found;
}

for (const { name, expr, description, summary, severity } of ALERTS) {
  describe(`the alert ${name}`, () => {
    const metrics = nodesOf(expr, "Identifier").map((series) => series.replace(/_bucket$/, ""));

    it("is PromQL", () => {
      expect(nodesOf(expr, "⚠")).to.deep.equal([]);
    });

    it("reads metrics that the operator has, and none of them without an aggregation", () => {
      expect(metrics).not.to.deep.equal([]);
      expect([...METRICS_BY_NAME.keys()]).to.include.members(metrics);
      expect(expr).to.match(/\b(?:sum|min|max|absent)\b/);
    });

    it("selects by labels and values that these metrics have", () => {
      for (const matcher of nodesOf(expr, "UnquotedLabelMatcher")) {
        const [, label = "", values = ""] = /^(\w+)\s*=~?\s*"(.*)"$/.exec(matcher) ?? [];
        const known = metrics.flatMap((metric) => {
          const found = METRICS_BY_NAME.get(metric)?.labels[label];
          return found === undefined ? [] : [found.values];
        });
        expect(known.length, matcher).to.be.greaterThan(0);
        if (known[0]) expect(known[0]).to.include.members(values.split("|"));
      }
    });

    it("describes itself with labels that its expression keeps", () => {
      const kept = nodesOf(expr, "GroupingLabels").join();
      for (const [, label = ""] of description.matchAll(/\$labels\.(\w+)/g)) {
        expect(kept, label).to.match(new RegExp(`\\b${label}\\b`));
      }
      expect(summary).not.to.include("{{");
      expect(["critical", "warning", "info"]).to.include(severity);
    });
  });
}

describe("the alerts", () => {
  it("have names of their own, with the prefix of the product", () => {
    const names = ALERTS.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^RolloutGuard[A-Z]/);
  });

  it("come with the chart where they are enabled, under the labels that they are given", () => {
    const prometheusRule = { enabled: true, labels: { release: "prometheus" } };
    const rule = only(renderChart({ values: { monitoring: { prometheusRule } } }), "PrometheusRule");
    expect(rule["spec"]).to.deep.equal({ groups: [{ name: "rolloutguard", rules: ALERTS.map(ruleOf) }] });
    expect(rule.metadata.labels).to.include({ release: "prometheus" });
    expect(renderChart().filter(({ kind }) => kind === "PrometheusRule")).to.deep.equal([]);
  });
});
