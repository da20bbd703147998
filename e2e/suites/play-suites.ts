// Runs the suites by mocha, in a process that reaches the cluster; what they measured is left in a folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Host } from "../hosts/host.ts";
import type { Suite } from "./suite-names.ts";

const MOCHA = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");

export interface Choice {
  readonly suites: readonly Suite[];
  /** Only tests whose title contains this; undefined for all. */
  readonly only: string | undefined;
}

/** Resolves with whether all tests passed. `results` is the folder for what they measured. */
export async function playSuites(
  host: Host,
  { suites, only }: Choice,
  { round, results }: { readonly round: number; readonly results: string },
  signal: AbortSignal,
): Promise<boolean> {
  await mkdir(results, { recursive: true });
  const files = suites.map((name) => fileURLToPath(new URL(`${name}.suite.ts`, import.meta.url)));
  const mocha = [
    MOCHA,
    "--no-config",
    "--no-timeouts",
    "--exit",
    ...(only ? ["--fgrep", only] : []),
    ...files,
  ];
  const [program = process.execPath, ...words] = [...host.enter, process.execPath, ...mocha];
  const child = spawn(program, words, {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      E2E_CLUSTER: host.name,
      E2E_KUBECONFIG: host.kubeconfig,
      E2E_SEES_PROCESSES: String(host.seesProcesses),
      E2E_ROUND: String(round),
      E2E_RESULTS: results,
      E2E_ONLY: only ?? "",
    },
  });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const [code] = (await once(child, "close")) as [number | null];
  signal.removeEventListener("abort", stop);
  return code === 0;
}
