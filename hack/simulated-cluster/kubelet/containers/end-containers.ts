// Ends the containers of a pod: gracefully and sidecars last, or in two steps when none has ever run.

import type { Timers } from "../timing/timers.ts";
import { TIMING } from "../timing/timing.ts";
import type { ContainerWorker } from "./container-worker.ts";

export interface EndingParts {
  /** In the order of the spec, init containers first. */
  readonly workers: readonly ContainerWorker[];
  readonly timers: Timers;
  /** Writes the pod's status as it is now. */
  readonly publish: () => void;
  /** The pod has no sandbox any more; shows at the next `publish`. */
  readonly dropSandbox: () => void;
}

/** Calls back when all containers have ended. */
export function endContainers(parts: EndingParts, graceMs: number, ended: () => void): void {
  if (parts.workers.every((worker) => !worker.hasEverStarted)) reportNeverStarted(parts, ended);
  else terminate(parts, graceMs, ended);
}

function terminate({ workers, timers, publish }: EndingParts, graceMs: number, ended: () => void): void {
  for (const worker of workers) worker.reportStopping();
  publish();
  const running = new Set(workers);
  const waiting: { isTurn: () => boolean; go: () => void }[] = [];
  const endedOne = (worker: ContainerWorker): void => {
    running.delete(worker);
    for (const { isTurn, go } of waiting) if (isTurn()) go();
    if (running.size === 0) timers.within(TIMING.statusOfTerminated, ended);
  };
  for (const [i, worker] of workers.entries()) {
    const later = workers.slice(i + 1);
    const isTurn = (): boolean => later.every((other) => !running.has(other));
    const awaitTurn = (go: () => void): void => {
      if (isTurn()) go();
      else waiting.push({ isTurn, go });
    };
    // A sidecar ends when all that started after it have.
    worker.terminate(worker.isSidecar ? { graceMs, awaitTurn } : { graceMs }, () => endedOne(worker));
  }
}

function reportNeverStarted({ workers, timers, publish, dropSandbox }: EndingParts, ended: () => void): void {
  for (const worker of workers) {
    worker.stop();
    worker.showAsNeverStarted(false);
  }
  publish();
  dropSandbox();
  timers.within(TIMING.sigtermExit, publish);
  timers.within(TIMING.unknownContainers, () => {
    for (const worker of workers) worker.showAsNeverStarted(true);
    ended();
  });
}
