// Ends the containers of a pod that is to go: gracefully, or in two steps when none has ever run.
import type { ContainerWorker } from "./container-worker.ts";
import type { Timers } from "./timers.ts";
import { TIMING } from "./timing.ts";

export interface EndingParts {
  readonly workers: readonly ContainerWorker[];
  readonly timers: Timers;
  /** Writes the pod's status as it is now. */
  readonly publish: () => void;
  /** The pod has no sandbox any more; shows at the next `publish`. */
  readonly dropSandbox: () => void;
}

/** Calls back when all containers have ended. */
export function endContainers(parts: EndingParts, graceMs: number, ended: () => void): void {
  if (parts.workers.every((worker) => !worker.hasEverStarted)) tellNeverStarted(parts, ended);
  else terminate(parts, graceMs, ended);
}

function terminate({ workers, timers, publish }: EndingParts, graceMs: number, ended: () => void): void {
  publish();
  let left = workers.length;
  const endedOne = (): void => {
    left -= 1;
    if (left === 0) timers.within(TIMING.statusOfTerminated, ended);
  };
  for (const worker of workers) worker.terminate(graceMs, endedOne);
}

function tellNeverStarted({ workers, timers, publish, dropSandbox }: EndingParts, ended: () => void): void {
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
