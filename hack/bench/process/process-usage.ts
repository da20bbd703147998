// What a process uses, as the kernel counts it: memory and processor time (Linux, /proc).
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../percentile.ts";

/** Clock ticks a second; the same on all usual Linux systems. */
const TICKS = 100;

/** A look at a process. Memory in MB (10^6 bytes), processor time in seconds since its start. */
export interface Usage {
  readonly rssMB: number;
  readonly peakRssMB: number;
  readonly cpuSeconds: number;
}

/** What the process uses now. Throws when it is gone. */
export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (field: string): number =>
    (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1_024) / 1e6;
  return { rssMB: megabytes("VmRSS"), peakRssMB: megabytes("VmHWM"), cpuSeconds: cpuSecondsOf(pid) };
}

function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold anything; utime and stime are the fields 14 and 15 of the line.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Has the peak counted anew from here. */
function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** Use over a while. */
export interface UsageOverTime {
  readonly seconds: number;
  readonly medianRssMB: number;
  readonly peakRssMB: number;
  /** Of one core. */
  readonly cpuPercent: number;
}

/** Watches the process for so long, looking four times a second. */
export async function watchUsage(pid: number, durationMs: number): Promise<UsageOverTime> {
  resetPeak(pid);
  const before = usageOf(pid);
  const startedAt = performance.now();
  const rss: number[] = [];
  while (performance.now() - startedAt < durationMs) {
    await sleep(250);
    rss.push(usageOf(pid).rssMB);
  }
  const after = usageOf(pid);
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    seconds,
    medianRssMB: median(rss),
    peakRssMB: after.peakRssMB,
    cpuPercent: ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100,
  };
}
