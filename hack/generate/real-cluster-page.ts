// docs/real-cluster.md, from the results that are saved beside it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { realClusterPage } from "../../e2e/report/real-cluster-page.ts";
import type { RealClusterResults } from "../../e2e/report/results.ts";
import type { GeneratedFile } from "./generated-file.ts";

const SAVED = join(import.meta.dirname, "../../docs/real-cluster.json");

export function generateRealClusterPage(): GeneratedFile {
  const results = JSON.parse(readFileSync(SAVED, "utf8")) as RealClusterResults;
  return { path: "docs/real-cluster.md", text: realClusterPage(results) };
}
