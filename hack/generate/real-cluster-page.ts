// docs/quality/real-cluster.md, from the results that are saved beside it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GeneratedFile } from "./generated-file.ts";
import { realClusterPage } from "./real-cluster/page-text.ts";
import type { RealClusterResults } from "./real-cluster/results.ts";

const SAVED = join(import.meta.dirname, "../../docs/quality/real-cluster.json");

export function generateRealClusterPage(): GeneratedFile {
  const results = JSON.parse(readFileSync(SAVED, "utf8")) as RealClusterResults;
  return { path: "docs/quality/real-cluster.md", text: realClusterPage(results) };
}
