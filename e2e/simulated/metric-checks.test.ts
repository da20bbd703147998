// Metric checks, from the file of sources to the rollback: what no probe sees.
import { expect } from "chai";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { type MetricSource, startMetricSource } from "../testing/metric-source.ts";
import type { Operator } from "../testing/operator.ts";
import { startWorld, type World } from "../testing/world.ts";

const ERRORS = {
  name: "errors",
  ratio: { bad: 'http_requests_total{code=~"5.."}', total: "http_requests_total" },
};
const GUARD = { bakeTime: "3m", checks: { metrics: [ERRORS] } };

describe("metric checks", () => {
  let world: World;
  let operator: Operator;
  let source: MetricSource;

  before(async () => {
    world = await startWorld();
    source = await startMetricSource((namespace, pod) => {
      const found = world.cluster.store.get("pods", namespace, pod);
      const errors = found?.spec.containers[0]?.env?.find(({ name }) => name === "ERROR_RATE")?.value ?? "0";
      return found && { bad: 10 * Number(errors), total: 10 };
    });
    operator = await world.startOperator({ metricSources: source.file });
  });

  after(async () => {
    await world.stop();
    await source.stop();
  });

  it("roll back a version that fails for its callers, and show what was asked", async () => {
    const { given, when, then } = world.story("fails-for-callers");
    await given.aGoodDeployment({ guard: GUARD });
    when.shipped({ tag: "v2", env: { ERROR_RATE: "0.2" } });
    const waiting = world.command("fails-for-callers", ["wait", "deployment/shop", "--baked"]);
    const { spec } = await then.rolledBack({ reason: "MetricsWorse" });
    const evidence = spec.findings.flatMap((finding) => finding.evidence).join("\n");
    expect(evidence).to.contain('namespace="fails-for-callers"').and.contain("increase(http_requests_total");
    const { exitCode, out, err } = await waiting;
    expect(exitCode, err).to.equal(EXIT_CODES.rolledBack);
    // A command asks no source: it goes by what the operator has written into the guard's status.
    expect(out + err)
      .to.contain("%) against")
      .and.not.contain("Only the operator");
  });

  it("leave alone a version that fails as the one before", async () => {
    const { given, when, then } = world.story("fails-as-before");
    const env = { ERROR_RATE: "0.05" };
    await given.aGoodDeployment({ guard: GUARD, version: { tag: "v1", env } });
    when.shipped({ tag: "v2", env });
    await then.good("v2");
    then.leftAlone();
  });

  it("count their queries", async () => {
    const page = await (await fetch(`${operator.url()}/metrics`)).text();
    const count = Number(/metric_queries_total\{source="default",result="success"\} (\d+)/.exec(page)?.[1]);
    expect(count).to.be.above(0).and.at.most(source.queries.length);
  });
});
