// Memory and processor time of the operator while unrelated pods change at a steady rate.
import { setTimeout as sleep } from "node:timers/promises";
import { type UsageOverTime, watchUsage } from "../process/process-usage.ts";
import type { Stage } from "../stage.ts";

const RAMP_MS = 3_000;

export interface LoadFigures extends UsageOverTime {
  readonly wantedPerSecond: number;
  readonly changesPerSecond: number;
  /** Of one core, by the cluster's process: whether the machine had room. */
  readonly clusterCpuPercent: number;
}

/** Watches the operator for so long under that rate; 0 is idle. */
export async function measureLoad(
  { cluster, operator }: Stage,
  perSecond: number,
  durationMs: number,
): Promise<LoadFigures> {
  await cluster.send("load", { perSecond });
  try {
    if (perSecond > 0) await sleep(Math.min(RAMP_MS, durationMs));
    await cluster.send("load", { perSecond });
    const startedAt = performance.now();
    const [usage, ofCluster] = await Promise.all([
      watchUsage(operator.pid, durationMs),
      watchUsage(cluster.pid, durationMs),
    ]);
    const { changes } = await cluster.send("load", { perSecond: 0 });
    const changesPerSecond = changes / ((performance.now() - startedAt) / 1_000);
    return {
      ...usage,
      wantedPerSecond: perSecond,
      changesPerSecond,
      clusterCpuPercent: ofCluster.cpuPercent,
    };
  } finally {
    await cluster.send("load", { perSecond: 0 });
  }
}
