// Waiting for the simulated cluster to come to a state, or for its time to pass. What follows the wait runs before
// anything else happens in the cluster.
import type { SimulatedCluster } from "./simulated-cluster.ts";

const LOOK_EVERY_MS = 50;

/** Resolves when the condition holds; rejects when it does not within that much time of the cluster. */
export function waitUntil(
  { time }: SimulatedCluster,
  what: string,
  condition: () => boolean,
  limitMs = 120_000,
): Promise<void> {
  const endsAt = time.now() + limitMs;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const holds = condition();
      if (!holds && time.now() <= endsAt) {
        time.after(LOOK_EVERY_MS, look);
        return;
      }
      time.letOthersRun();
      if (holds) resolve();
      else reject(new Error(`Not within ${limitMs / 1_000} s of the cluster: ${what}`));
    };
    look();
  });
}

/** Resolves after that much time of the cluster. */
export function passTime({ time }: SimulatedCluster, ms: number): Promise<void> {
  return new Promise((resolve) => {
    time.after(ms, () => {
      time.letOthersRun();
      resolve();
    });
  });
}
