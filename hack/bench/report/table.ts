// The results as a table for a terminal. Pure.

import type { BenchResults } from "../results.ts";
import { formatted, type Judged, shown } from "./judge.ts";

/** A load of the machine before the run from which on its figures are no good. */
const BUSY = 0.5;

/** What was measured on what, and every figure beside its limit. */
export function resultsTable(results: BenchResults, judged: readonly Judged[]): string {
  const rows = judged.map(({ what, value, unit, limit, isMet }) => [
    what,
    `${shown(value)} ${unit}`.trim(),
    limit === undefined ? "" : `≤ ${formatted(limit)}`,
    isMet === undefined ? "" : isMet ? "✓" : "✗ missed",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map(([what = "", value = "", limit = "", mark = ""]) =>
    [what.padEnd(widths[0] ?? 0), value.padStart(widths[1] ?? 0), limit.padStart(widths[2] ?? 0), mark]
      .join("  ")
      .trimEnd(),
  );
  const problems = (results.problems ?? []).map((problem) => `NOT MEASURED: ${problem}`);
  return [...headLines(results), "", ...lines, ...problems].join("\n");
}

/** The scene, the versions and the machine, in sentences. */
export function headLines(results: BenchResults): readonly string[] {
  const { size, guardedPods, podsBesideGuards, objects, versions, machine, transport } = results;
  const pods = objects["pods"];
  return [
    `${formatted(size.guards)} guarded Deployments with ${formatted(size.pods)} pods each, ${formatted(size.unguarded)} unguarded ones: ` +
      `${formatted(guardedPods)} guarded pods, ${formatted((pods?.count ?? 0) - guardedPods)} others, ` +
      `${formatted(podsBesideGuards)} of them in namespaces without a guard. A pod is ${formatted(pods?.meanBytes ?? 0)} bytes of JSON.`,
    `RolloutGuard ${versions.operator} (${results.revision}) on Node ${versions.node}, ${transport}; ` +
      `${machine.cores} cores (${machine.cpu}), ${formatted(machine.memoryGB)} GB, ${machine.system}; ${results.takenAt}` +
      `${machine.loadBefore < BUSY ? "." : `, beside other work: the load was ${shown(machine.loadBefore)} before it started.`}`,
  ];
}
