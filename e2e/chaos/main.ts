// `npm run chaos`: attacks the operator with seed after seed, and says what it did wrong.
import { writeFileSync } from "node:fs";
import { type ChaosOptions, parseOptions, USAGE } from "./options.ts";
import { runWithProcesses } from "./processes/run-processes.ts";
import { headLine, resultLine, type TimedResult, violationReport } from "./report.ts";
import { startSeed } from "./start-seed.ts";

const options = parseOptions(process.argv.slice(2));
if (options === "help") {
  console.log(USAGE);
} else if (typeof options === "string") {
  console.error(`chaos: ${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  const results = await runAll(options);
  const wrong = results.filter(({ violations }) => violations.length > 0);
  for (const { reported } of results) if (reported.length > 0) console.log(`\n${reported.join("\n")}`);
  console.log(
    wrong.length === 0
      ? `\n${results.length} seeds, all clean`
      : `\n${wrong.length} of ${results.length} seeds are not clean: ${wrong.map(({ seed }) => seed).join(", ")}`,
  );
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

async function runAll({ seeds, size, jobs, tell, processes }: ChaosOptions): Promise<readonly TimedResult[]> {
  console.log(headLine());
  const left = [...seeds];
  const start = processes ? runWithProcesses : startSeed;
  const results: TimedResult[] = [];
  const worker = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const startedAt = performance.now();
      const result = await start({ seed, size, tell }, (minute) => progress(seed ?? 0, minute));
      const timed = { ...result, wallMs: performance.now() - startedAt };
      progress();
      console.log(resultLine(timed));
      if (timed.residentMb)
        console.log(`${" ".repeat(9)} memory by the minute: ${timed.residentMb.join(", ")} MB`);
      if (timed.violations.length > 0) console.log(`\n${violationReport(timed)}\n`);
      results.push(timed);
    }
  };
  await Promise.all(Array.from({ length: processes ? 1 : Math.min(jobs, seeds.length) }, worker));
  return results.sort((a, b) => a.seed - b.seed);
}

/** Shows on a terminal how far a seed is; without arguments takes that away again. */
function progress(seed?: number, minute?: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(seed === undefined ? "\r\u001b[K" : `\r\u001b[Kseed ${seed}: minute ${minute}`);
}
