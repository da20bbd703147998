// What every test has: a simulated cluster, the ledger of what really happened in it, and patience.
import {
  type SimulatedCluster,
  startSimulatedCluster,
} from "../../hack/simulated-cluster/simulated-cluster.ts";
import { passTime } from "../../hack/simulated-cluster/wait-until.ts";
import { keepLedger, type Ledger } from "./ledger.ts";

export interface Stage {
  readonly cluster: SimulatedCluster;
  readonly ledger: Ledger;
  /**
   * Resolves with what `look` finds, as soon as it finds something. Rejects with `what` when any machine would have come
   * so far.
   */
  readonly eventually: <T>(what: () => string, look: () => T | undefined | false) => Promise<T>;
  /** Lets so much of the cluster's time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Longer than anything that a test waits for. */
const PATIENCE_MS = 240_000;
/** Of this machine's time: a cluster's minutes pass in seconds, whether or not a busy machine has done their work. */
const LEAST_PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 5;

/** Starts a cluster that runs `timeScale` times faster than real time; with `tls` it speaks HTTP/2. */
export async function setStage(timeScale: number, tls = false): Promise<Stage> {
  const cluster = await startSimulatedCluster({ timeScale, tls, seed: 11 });
  const ledger = keepLedger(cluster);

  async function eventually<T>(what: () => string, look: () => T | undefined | false): Promise<T> {
    const endsAt = cluster.now() + PATIENCE_MS;
    const earliestEndAt = performance.now() + LEAST_PATIENCE_MS;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (cluster.now() > endsAt && performance.now() > earliestEndAt) {
        throw new Error(`not within ${PATIENCE_MS / 1_000} s of the cluster: ${what()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  return { cluster, ledger, eventually, pass: (ms) => passTime(cluster, ms) };
}
