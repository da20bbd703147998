// Mounts a pod's volumes: tries again, ever more rarely, while something that they need is missing.
import type { Pod } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import type { NodeFaults } from "../faults/node-faults.ts";
import type { Timers } from "../timing/timers.ts";
import { mountProblem } from "./volumes.ts";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 122_000;

export interface MountParts {
  readonly objects: ApiObjects;
  readonly faults: NodeFaults;
  readonly timers: Timers;
  /** Whether the pod is still to run; asked before each try. */
  readonly isWanted: () => boolean;
  readonly warn: (reason: string, message: string) => void;
}

/** Calls back when all volumes are mounted, however long that takes; never when the pod ends before. */
export function mountVolumes(pod: Pod, parts: MountParts, mounted: () => void): void {
  const { timers, isWanted, warn } = parts;
  const attempt = (retryMs: number): void => {
    if (!isWanted()) return;
    const problem = mountProblem(parts, pod);
    if (problem === undefined) {
      mounted();
      return;
    }
    warn("FailedMount", problem.message);
    const nextMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    timers.after(retryMs, () => attempt(nextMs));
  };
  attempt(FIRST_RETRY_MS);
}
