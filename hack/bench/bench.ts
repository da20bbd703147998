// `npm run bench`: the shipped operator against a large simulated cluster, measured from outside.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type BenchOptions, readOptions, USAGE } from "./options.ts";
import { judge } from "./report/judge.ts";
import { resultsTable } from "./report/table.ts";
import { runBench } from "./run-bench.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Whatever hangs: longer than the whole bench takes on a slow machine. */
const LIMIT_MS = 60 * 60_000;

async function bench({ plan, jsonFile, mustMeetLimits }: BenchOptions): Promise<void> {
  const startedAt = performance.now();
  const progress = (line: string): void => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    console.error(`[${seconds.padStart(4)} s] ${line}`);
  };
  const results = await runBench(plan, progress);
  const file = resolve(ROOT, jsonFile);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  const judged = judge(results);
  console.log(`\n${resultsTable(results, judged)}\n`);
  const missed = judged.filter(({ isMet }) => isMet === false).length;
  console.log(missed === 0 ? "All limits are met." : `${missed} limits are missed.`);
  console.log(`The results are in ${jsonFile}.`);
  const { problems = [] } = results;
  if (problems.length > 0 || (missed > 0 && mustMeetLimits)) process.exitCode = 1;
}

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    console.log(USAGE);
    return;
  }
  // An exit takes the other processes along (stage.ts).
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  setTimeout(() => {
    console.error(`the bench did not end within ${LIMIT_MS / 60_000} minutes`);
    process.exit(1);
  }, LIMIT_MS).unref();
  await bench(readOptions(process.argv.slice(2)));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
