// The operator as users run it: src/main.ts in a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface OperatorProcess {
  readonly child: ChildProcess;
  /** Its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** All that it wrote so far. */
  output(): string;
  /** Ends it at once, if it still runs, and removes its files. */
  dispose(): Promise<void>;
}

/** Starts the process; its log is JSON lines. */
export async function startOperatorProcess(
  cluster: SimulatedCluster,
  timeScale: number,
  flags: readonly string[] = [],
): Promise<OperatorProcess> {
  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-process-"));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig());
  const common = [
    "--kubeconfig",
    kubeconfig,
    "--clock-rate",
    String(timeScale),
    "--metrics-address",
    "127.0.0.1:0",
  ];
  const child = spawn(process.execPath, [MAIN, ...common, ...flags], { env: { PATH: process.env["PATH"] } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  }
  const exited = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    exited,
    output: () => output,
    async dispose() {
      child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
