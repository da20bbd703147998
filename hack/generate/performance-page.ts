// docs/quality/performance.md and its plot, from the results that are saved beside them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { growthPlot, withResults } from "../bench/report/performance-page.ts";
import type { BenchResults } from "../bench/results.ts";
import type { GeneratedFile } from "./generated-file.ts";

const DOCS = join(import.meta.dirname, "../../docs/quality");

/** The page keeps what people wrote; only the part between its markers is made anew. Nothing while no results are saved. */
export function generatePerformancePage(): readonly GeneratedFile[] {
  const saved = join(DOCS, "performance.json");
  if (!existsSync(saved)) return [];
  const results = JSON.parse(readFileSync(saved, "utf8")) as BenchResults;
  const page = readFileSync(join(DOCS, "performance.md"), "utf8");
  return [
    { path: "docs/quality/performance.md", text: withResults(page, results) },
    { path: "docs/quality/performance.svg", text: growthPlot(results) },
  ];
}
