// One pending timer a key: a later schedule replaces the earlier one.
import type { SimulatedTime } from "../../simulated-time.ts";

/** Shorter delays would spin when a deadline stays in the past. */
const SHORTEST_MS = 1_000;

export interface Deadlines {
  schedule(key: string, delayMs: number): void;
}

/** Calls `fire` with a key when its time has come. */
export function createDeadlines(time: SimulatedTime, fire: (key: string) => void): Deadlines {
  const pending = new Map<string, () => void>();
  return {
    schedule(key, delayMs) {
      pending.get(key)?.();
      const cancel = time.after(Math.max(SHORTEST_MS, delayMs), () => {
        pending.delete(key);
        fire(key);
      });
      pending.set(key, cancel);
    },
  };
}
