// Unrelated changes: at a steady rate an agent's note in the status of a healthy pod changes, guarded or not.
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { inspected } from "../scene/pod-objects.ts";

const TICK_MS = 5;
/** What a machine that is too slow falls behind by more than this is left out: the measured rate tells. */
const CATCH_UP_MS = 50;

export interface UnrelatedChanges {
  /** Changes that many pods a second from now on; 0 ends it. Returns how many were changed since the last call. */
  setRate(perSecond: number): number;
}

/** Goes through all pods that are there now in turn, in steps far apart, so that neighbours do not change together. */
export function createUnrelatedChanges({ store }: SimulatedCluster): UnrelatedChanges {
  const names = [...store.values("pods")].map(
    ({ metadata }) => [metadata.namespace ?? "", metadata.name] as const,
  );
  const stride = coprimeStep(names.length);
  let timer: NodeJS.Timeout | undefined;
  let at = 0;
  let changes = 0;

  function changeOne(): void {
    at = (at + stride) % names.length;
    const [namespace = "", name = ""] = names[at] ?? [];
    const pod = store.get("pods", namespace, name);
    // Gone with a rollout of the bench.
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    store.put("pods", inspected(pod as KubeObject, new Date().toISOString()));
    changes += 1;
  }

  return {
    setRate(perSecond) {
      clearInterval(timer);
      const made = changes;
      changes = 0;
      if (perSecond > 0 && names.length > 0) {
        let doneUntil = performance.now();
        timer = setInterval(() => {
          const now = performance.now();
          doneUntil = Math.max(doneUntil, now - CATCH_UP_MS);
          for (const eachMs = 1_000 / perSecond; doneUntil + eachMs <= now; doneUntil += eachMs) changeOne();
        }, TICK_MS);
      }
      return made;
    },
  };
}

/** About 0.618 of the length and without a common divisor: a walk in such steps visits everything. */
function coprimeStep(length: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, Math.floor(length * 0.618));
  while (length > 1 && divisor(step, length) !== 1) step++;
  return step;
}
