// The operator in a process of its own: the bundled file that ships when it was built, else src/main.ts.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Chronicle } from "../chronicle.ts";
import type { RunningOperator } from "../operator-seat.ts";

const BUNDLE = fileURLToPath(new URL("../../../dist/rolloutguard.mjs", import.meta.url));
const SOURCE = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

/** What is run. */
const OPERATOR_FILE = existsSync(BUNDLE) ? BUNDLE : SOURCE;

export interface OperatorProcess extends RunningOperator {
  /** Its resident memory now, in bytes; undefined where the system does not tell, or it has ended. */
  residentBytes(): number | undefined;
}

export interface ProcessOptions {
  readonly name: string;
  readonly chronicle: Chronicle;
  readonly kubeconfig: string;
  readonly timeScale: number;
}

export function startOperatorProcess(options: ProcessOptions): OperatorProcess {
  const { name, chronicle, kubeconfig, timeScale } = options;
  const flags = ["--kubeconfig", kubeconfig, "--clock-rate", String(timeScale), "--metrics-address", "0"];
  const child = spawn(
    process.execPath,
    [OPERATOR_FILE, ...flags, "--log-format", "json", "--identity", name],
    {
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => tell(line, name, chronicle));
  let isMeant = false;
  const end = (signal: NodeJS.Signals): void => {
    isMeant = true;
    child.kill(signal);
  };
  const ended = once(child, "exit").then(([code, signal]) =>
    isMeant ? undefined : `exit code ${code}, signal ${signal}`,
  );
  return {
    ended,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    residentBytes: () => residentBytes(child),
  };
}

function tell(line: string, operator: string, chronicle: Chronicle): void {
  let record: { level?: string; message?: string; guard?: string };
  try {
    record = JSON.parse(line) as typeof record;
  } catch {
    record = { level: "error", message: line };
  }
  chronicle.tellLog(record.guard, operator, record.level ?? "error", record.message ?? line);
}

function residentBytes({ pid, exitCode }: ChildProcess): number | undefined {
  const file = `/proc/${pid}/status`;
  if (pid === undefined || exitCode !== null || !existsSync(file)) return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, "utf8"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}
