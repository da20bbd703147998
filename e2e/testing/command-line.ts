// kubectl rolloutguard against the cluster of a test.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import { type CommandRun, runCommand, type Surroundings } from "../../src/cli/testing/run-command.ts";

export interface CommandLine {
  /** Runs a command in the namespace. */
  run(namespace: string, args: readonly string[], surroundings?: Surroundings): Promise<CommandRun>;
  stop(): Promise<void>;
}

/** `timeScale` is how much faster than real time the cluster runs. */
export async function openCommandLine(cluster: SimulatedCluster, timeScale: number): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-command-"));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig());
  return {
    run: (namespace, [command = "", ...args], surroundings) => {
      const flags = ["--kubeconfig", kubeconfig, "--clock-rate", String(timeScale), "-n", namespace];
      return runCommand([command, ...args, ...flags], surroundings);
    },
    stop: () => rm(folder, { recursive: true }),
  };
}
