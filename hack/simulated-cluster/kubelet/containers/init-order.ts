// The order in which a pod's containers start: init containers one after another, sidecars along the way. Pure.
import type { ContainerWorker } from "./container-worker.ts";

/** Whether the containers after this init container may start. */
export function isInitialized(worker: ContainerWorker): boolean {
  return worker.isSidecar ? worker.isStarted : worker.isCompleted;
}

/** The containers whose turn it is, started or not: one init container, or all that are none. */
export function containersInTurn(
  initWorkers: readonly ContainerWorker[],
  workers: readonly ContainerWorker[],
): readonly ContainerWorker[] {
  const first = initWorkers.find((worker) => !isInitialized(worker));
  return first === undefined ? workers : [first];
}
