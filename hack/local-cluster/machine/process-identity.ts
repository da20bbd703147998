// Tells a process from a later one that got the same number, and ends it.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process, by its number and by when it started, in clock ticks since the machine did. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
}

/** Undefined when there is no such process, or when it has ended and only waits to be reaped. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  return parseStat(pid, stat);
}

/** Reads a line of /proc/PID/stat (proc(5)); the program's name in it may hold spaces and parentheses. */
export function parseStat(pid: number, stat: string): ProcessIdentity | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  return { pid, startTicks: Number(fields[19]) };
}

/** Whether this very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTicks === identity.startTicks;
}

/** Ends the process at once and waits until it is gone. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  while (isRunning(identity)) {
    killIfThere(identity.pid);
    await sleep(20);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // Between the look at it and the signal it can end, and be reaped, by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
