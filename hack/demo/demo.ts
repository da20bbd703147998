// `npm run demo`: bad releases on a simulated cluster, seen, explained and undone by the real operator.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { CRD_FOLDER } from "../crd-folder.ts";
import { kubernetesRules } from "../kubernetes-rules.ts";
import { OperatorProcess } from "../operator-process.ts";
import { showFailure, showLog, showNextSteps } from "./closing.ts";
import { describeStory } from "./describe-story.ts";
import { readableLogLines } from "./log-lines.ts";
import { died, whenReady } from "./operator-health.ts";
import { type DemoOptions, parseOptions } from "./options.ts";
import { Screen } from "./screen.ts";

/** At the usual speed the demo takes less than half of that; beyond, something hangs. */
const LONGEST_MS = 180_000;
const INTERRUPTED = 130;

const parsed = parseOptions(process.argv.slice(2));
if ("text" in parsed) {
  process.stdout.write(parsed.text);
} else if ("error" in parsed) {
  process.stderr.write(`demo: ${parsed.error.trimEnd()}\n`);
  process.exitCode = 1;
} else {
  process.exitCode = await run(parsed.options);
}

/** Resolves with the exit code once everything that it started has ended. */
async function run({ scenarios, keep, speed }: DemoOptions): Promise<number> {
  const interrupted = interruption();
  const screen = new Screen(process.stdout);

  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-demo-"));
  const kubeconfig = join(folder, "kubeconfig");
  const cluster = await startSimulatedCluster({
    timeScale: speed,
    crdFolder: CRD_FOLDER,
    furtherRules: kubernetesRules,
  });
  await writeFile(kubeconfig, cluster.kubeconfig());
  const operator = new OperatorProcess({
    kubeconfig,
    clockRate: speed,
    // The simulated pods are in a network of their own.
    flags: ["--http-checks", "--pod-proxy", cluster.url],
  });
  const showOperatorLog = () => showLog(screen, readableLogLines(operator.logTail(20), process.stdout));
  try {
    const story = describeStory(scenarios, { cluster, operator, screen, speed });
    const outcomes = await Promise.race([story, died(operator), interrupted, tooLong(speed)]);
    screen.status("");
    if (outcomes === INTERRUPTED) return INTERRUPTED;
    const isRight = outcomes.every(({ faults }) => faults.length === 0);
    if (!isRight) showOperatorLog();
    if (keep) {
      const applications = scenarios.map(({ given }) => given.application);
      showNextSteps(screen, { kubeconfig, metricsUrl: await whenReady(operator), applications, speed });
      await Promise.race([interrupted, died(operator)]);
    }
    return isRight ? 0 : 1;
  } catch (error) {
    showFailure(screen, error instanceof Error ? error.message : String(error));
    showOperatorLog();
    return 1;
  } finally {
    await operator.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves at the first Ctrl-C, or when nobody reads the output any more; the second Ctrl-C ends the process at once. */
function interruption(): Promise<typeof INTERRUPTED> {
  return new Promise((resolve) => {
    let isFirst = true;
    const stop = () => {
      if (!isFirst) process.exit(INTERRUPTED);
      isFirst = false;
      resolve(INTERRUPTED);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
    process.stdout.on("error", () => resolve(INTERRUPTED));
  });
}

async function tooLong(speed: number): Promise<never> {
  const limitMs = LONGEST_MS * Math.max(1, 6 / speed);
  await sleep(limitMs, undefined, { ref: false });
  throw new Error(
    `the demo did not finish within ${Math.round(limitMs / 1_000)}s. If the machine is busy, try a lower --speed.`,
  );
}
