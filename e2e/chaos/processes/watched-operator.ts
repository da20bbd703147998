// The operator of a run in a process of its own: its log goes into the chronicle, and its memory can be read.
import { existsSync, readFileSync } from "node:fs";
import { OPERATOR_BUNDLE, OPERATOR_SOURCE, OperatorProcess } from "../../../hack/operator-process.ts";
import type { Chronicle } from "../chronicle.ts";
import type { RunningOperator } from "../operator-seat.ts";
import { LEASE_NAMESPACE } from "../stage.ts";

/** What ships when it was built. */
const FILE = existsSync(OPERATOR_BUNDLE) ? OPERATOR_BUNDLE : OPERATOR_SOURCE;

export interface WatchedOperator extends RunningOperator {
  /** Its resident memory now, in bytes; undefined where the system does not tell, or it has ended. */
  residentBytes(): number | undefined;
}

export interface WatchedOperatorOptions {
  readonly name: string;
  readonly chronicle: Chronicle;
  readonly kubeconfig: string;
  readonly timeScale: number;
}

export function startWatchedOperator(options: WatchedOperatorOptions): WatchedOperator {
  const { name, chronicle, kubeconfig, timeScale } = options;
  const operator = new OperatorProcess({
    kubeconfig,
    clockRate: timeScale,
    file: FILE,
    // As config/ installs it.
    flags: ["--identity", name, "--leader-election", "--lease-namespace", LEASE_NAMESPACE],
    onLine: (line) => tell(line, name, chronicle),
  });
  return {
    ended: operator.ended.then(({ isMeant, how }) => (isMeant ? undefined : how)),
    stop: () => operator.signal("SIGTERM"),
    kill: () => operator.signal("SIGKILL"),
    residentBytes: () => residentBytes(operator),
  };
}

function tell(line: string, operator: string, chronicle: Chronicle): void {
  let record: { level?: string; message?: string; guard?: string };
  try {
    record = JSON.parse(line) as typeof record;
  } catch {
    record = { level: "error", message: line };
  }
  chronicle.reportLog(record.guard, operator, record.level ?? "error", record.message ?? line);
}

function residentBytes({ pid, isRunning }: OperatorProcess): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!isRunning || !existsSync(file)) return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, "utf8"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}
