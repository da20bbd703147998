// Which controllers are behind. A paused controller keeps its keys and handles them when it resumes.
import type { SimulatedTime } from "./simulated-time.ts";

/** The controllers that can be paused, by the names under which they report. */
export const PAUSABLE = [
  "deployment-controller",
  "replicaset-controller",
  "endpointslice-controller",
  "endpoint-controller",
  "default-scheduler",
  "persistentvolume-controller",
  "resourcequota-controller",
  "disruption-controller",
  "node-controller",
  "taint-eviction-controller",
  "namespace-controller",
  "root-ca-certificate-publisher",
] as const;

export type ControllerName = (typeof PAUSABLE)[number];

export class ControllerPauses {
  readonly #time: SimulatedTime;
  /** How many pauses each controller is under; they can overlap. */
  readonly #counts = new Map<ControllerName, number>();
  readonly #held = new Map<ControllerName, (() => void)[]>();

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  isPaused(name: ControllerName): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  /** Calls back when the controller resumes. */
  whenResumed(name: ControllerName, callback: () => void): void {
    this.#held.set(name, [...(this.#held.get(name) ?? []), callback]);
  }

  /** Pauses the controller, for so long (ms of the cluster) or until the function that is returned is called. */
  pause(name: ControllerName, forMs?: number): () => void {
    let isOver = false;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    const resume = (): void => {
      if (isOver) return;
      isOver = true;
      this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
      if (this.isPaused(name)) return;
      const held = this.#held.get(name) ?? [];
      this.#held.delete(name);
      for (const callback of held) callback();
    };
    if (forMs !== undefined) this.#time.after(forMs, resume);
    return resume;
  }
}
