// What an operator counts of rollbacks, read from its metrics as Prometheus would.
import { METRICS } from "../../../src/telemetry/metric-table.ts";
import type { Metrics } from "../../../src/telemetry/metrics.ts";
import type { Figures } from "../chronicle.ts";

const ENDS = ["recovered", "not_recovered", "superseded"] as const;

export async function readFigures(metrics: Metrics): Promise<Figures> {
  const { body } = await metrics.render();
  const series = new Map(
    body.split("\n").map((line): [string, number] => {
      const gap = line.lastIndexOf(" ");
      return [line.slice(0, gap), Number(line.slice(gap + 1))];
    }),
  );
  const valueFrom = (name: string): number => {
    const value = series.get(name);
    if (value === undefined) throw new Error(`the operator has no figure ${name}`);
    return value;
  };
  const outcome = (name: string): number => valueFrom(`${METRICS.rollbacks.name}{outcome="${name}"}`);
  return {
    sent: outcome("sent"),
    ended: ENDS.map(outcome).reduce((sum, count) => sum + count, 0),
    inProgress: valueFrom(METRICS.rollbacksInProgress.name),
  };
}
