// The first sync: from the start of the process until its caches are filled, and until every guard was looked at.
import { setTimeout as sleep } from "node:timers/promises";
import { usageOf } from "../process/process-usage.ts";
import type { Stage } from "../stage.ts";

const FIRST_PASSES_WITHIN_MS = 180_000;

/** Times in seconds, memory in MB. */
export interface SyncFigures {
  readonly startToFilledSeconds: number;
  readonly firstRequestToFilledSeconds: number;
  readonly peakRssMB: number;
  /** From the start of the process until every guard has a status. */
  readonly startToAllStatusesSeconds: number;
  readonly peakRssWithFirstPassesMB: number;
  readonly cpuSeconds: number;
}

/** Waits for the operator of the stage, which must have just been started. */
export async function measureSync({ cluster, operator, filled, size }: Stage): Promise<SyncFigures> {
  const filledAt = await filled;
  const atFilled = usageOf(operator.pid);
  const { firstRequestAt = operator.startedAt } = await cluster.send("traffic", { reset: false });
  const endsAt = Date.now() + FIRST_PASSES_WITHIN_MS;
  while ((await cluster.send("traffic", { reset: false })).guardsWithStatus < size.guards) {
    if (!operator.isRunning || Date.now() > endsAt) {
      throw new Error(`not every guard got a status:\n${operator.logTail(5).join("\n")}`);
    }
    await sleep(50);
  }
  const allAt = Date.now();
  const after = usageOf(operator.pid);
  return {
    startToFilledSeconds: (filledAt - operator.startedAt) / 1_000,
    firstRequestToFilledSeconds: (filledAt - firstRequestAt) / 1_000,
    peakRssMB: atFilled.peakRssMB,
    startToAllStatusesSeconds: (allAt - operator.startedAt) / 1_000,
    peakRssWithFirstPassesMB: after.peakRssMB,
    cpuSeconds: after.cpuSeconds,
  };
}
