// How long things take on a node. What a watcher can see is measured; its parts and the rest are estimates, as ranges.
import type { Random } from "../../random.ts";
import { MEASURED } from "./measured-times.ts";

/** Quantiles at equal distances, from the smallest to the largest value (ms). Two of them: anything between. */
export type Distribution = readonly number[];

/** A value of the distribution; the same seed draws the same ones. */
export function draw(random: Random, distribution: Distribution): number {
  const place = random.between(0, distribution.length - 1);
  const index = Math.floor(place);
  const low = distribution[index] ?? 0;
  const high = distribution[index + 1] ?? low;
  return low + (high - low) * (place - index);
}

/** The part of a measured time that is left for the share, when so many ms go to other things. */
function part(distribution: Distribution, share: number, otherMs: number): Distribution {
  return distribution.map((ms) => Math.max(5, (ms - otherMs) * share));
}

export const TIMING = {
  firstStatus: MEASURED.firstStatus,
  sandbox: MEASURED.sandbox,
  /** From the binding to the refusal: with the rest, three to four pods of one ReplicaSet a second, as a real cluster. */
  refusal: [100, 400],
  imageFound: [2, 12],
  /** Image, creation and start make up what was measured; the image and the status take 25 ms of it on average. */
  containerCreated: part(MEASURED.running, 0.3, 25),
  containerStarted: part(MEASURED.running, 0.7, 25),
  /** From a change in the runtime to the status in the API. */
  status: [6, 30],
  imagePull: [300, 1_200],
  failedPull: [10, 30],
  /** The second look after something failed at the first. */
  secondSync: [80, 140],
  configErrorStatus: [380, 520],
  /** Between later looks at a pod that cannot start. */
  sync: [10_000, 15_000],
  /** From the kubelet's look at all containers to its work on the one pod. */
  relistTakes: [0, 90],
  /** How much longer than its nominal length a back-off takes. */
  backOffFactor: [1.06, 1.24],
  killing: [5, 60],
  /** Killing, SIGTERM and the last status make up what was measured; the first and the last take 120 ms on average. */
  sigtermExit: part(MEASURED.ended, 1, 120),
  statusOfTerminated: [60, 120],
  removal: MEASURED.removed,
  /** A pod whose containers never ran takes longer to be told ended, and goes at once. */
  unknownContainers: part(MEASURED.endedUnstarted, 1, 32),
  removalUnstarted: MEASURED.removedUnstarted,
} as const satisfies Readonly<Record<string, Distribution>>;

/** The kubelet looks at its containers once a second: what happened between two looks shows at the next. */
export const RELIST_MS = 1_000;

/** How often it looks at a pod that has just started at the look after that too: 3 of the 24 pods that became ready. */
export const LOOKS_TWICE = 3 / 24;

export const RESTART_BACK_OFF = { firstMs: 10_000, lastMs: 300_000, resetAfterMs: 600_000 } as const;
export const PULL_BACK_OFF = { firstMs: 10_000, lastMs: 300_000 } as const;

/** The next wait of a back-off that doubles; 0 stands for none so far. */
export function nextBackOff(
  currentMs: number,
  { firstMs, lastMs }: { readonly firstMs: number; readonly lastMs: number },
): number {
  return currentMs === 0 ? firstMs : Math.min(currentMs * 2, lastMs);
}
