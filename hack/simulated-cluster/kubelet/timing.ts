// How long things take on a node, as ranges in ms. Drawn from the recordings of a real single-node cluster.

export const TIMING = {
  /** From the pod's binding to the kubelet's first status. */
  firstStatus: [8, 70],
  /** From there to the sandbox: network and volumes ready, the first container can be made. */
  sandbox: [120, 430],
  imageFound: [2, 12],
  containerCreated: [12, 70],
  containerStarted: [60, 180],
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
  lookTakes: [0, 90],
  /** How much longer than its nominal length a back-off takes. */
  backOffFactor: [1.06, 1.24],
  killing: [5, 60],
  sigtermExit: [110, 380],
  statusOfTerminated: [60, 120],
  removal: [80, 950],
  /** A pod whose containers never ran takes longer to be told ended. */
  unknownContainers: [700, 1_000],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

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

/** A back-off as Go writes a duration: 10s, 1m20s, 5m0s. */
export function backOffText(durationMs: number): string {
  const seconds = durationMs / 1_000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
