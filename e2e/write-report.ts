// Keeps the results of a run in docs/quality/real-cluster.json, from which docs/quality/real-cluster.md is generated.
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Round } from "../hack/generate/real-cluster/results.ts";

const REPORT = fileURLToPath(new URL("../docs/quality/real-cluster.json", import.meta.url));

export interface ReportedRun {
  readonly cluster: string;
  readonly version: string;
  /** The folders in which the suites of each round left their results. */
  readonly folders: readonly string[];
}

/** Resolves with the path of the file. */
export async function writeReport({ cluster, version, folders }: ReportedRun): Promise<string> {
  const rounds = await Promise.all(folders.map(readRound));
  const results = { cluster, version, cores: availableParallelism(), rounds };
  await writeFile(REPORT, `${JSON.stringify(results, null, 2)}\n`);
  return REPORT;
}

async function readRound(folder: string): Promise<Round> {
  const read = async (suite: string): Promise<object> => {
    const text = await readFile(join(folder, `${suite}.json`), "utf8").catch(() => "{}");
    return JSON.parse(text) as object;
  };
  const [scenarios, leader, idle] = await Promise.all(["scenarios", "leader", "idle"].map(read));
  return { ...scenarios, ...leader, ...idle };
}
