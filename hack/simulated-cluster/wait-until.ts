// Waiting for the simulated cluster to come to a state.
import type { SimulatedCluster } from "./simulated-cluster.ts";

const LOOK_EVERY_MS = 50;

/** Resolves when the condition holds; rejects when it does not within that much time of the cluster. */
export function waitUntil(
  cluster: SimulatedCluster,
  what: string,
  condition: () => boolean,
  limitMs = 120_000,
): Promise<void> {
  const endsAt = cluster.now() + limitMs;
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (condition()) resolve();
      else if (cluster.now() > endsAt)
        reject(new Error(`Not within ${limitMs / 1_000} s of the cluster: ${what}`));
      else cluster.time.after(LOOK_EVERY_MS, look);
    };
    look();
  });
}

/** Resolves after that much time of the cluster. */
export function passTime(cluster: SimulatedCluster, ms: number): Promise<void> {
  return new Promise((resolve) => {
    cluster.time.after(ms, resolve);
  });
}
