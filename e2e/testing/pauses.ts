// Whether and how often the Deployment of a story is paused.
import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import type { Story } from "./story.ts";

/** Whether it is paused now. */
export function isPaused({ deployment }: Story): boolean {
  return deployment().spec.paused === true;
}

/** Counts how often it is paused from now on. */
export function countPauses({ world, namespace }: Story): () => number {
  let [count, wasPaused] = [0, false];
  world.cluster.store.subscribe("deployments", ({ object }) => {
    if (object.metadata.namespace !== namespace) return;
    const isPausedNow = (object as Deployment).spec.paused === true;
    if (isPausedNow && !wasPaused) count += 1;
    wasPaused = isPausedNow;
  });
  return () => count;
}
