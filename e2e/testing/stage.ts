// What every test has: a simulated cluster, the ledger of what really happened in it, and patience.
import { passTime, type SimulatedCluster, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { CRD_FOLDER } from "../../hack/crd-folder.ts";
import { kubernetesRules } from "../../hack/kubernetes-rules.ts";
import { type Eventually, type Found, poll, waitingBy } from "./eventually.ts";
import { keepLedger, type Ledger } from "./ledger.ts";

export interface Stage {
  readonly cluster: SimulatedCluster;
  readonly ledger: Ledger;
  readonly eventually: Eventually;
  /** Lets so much of the cluster's time pass. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Longer than anything that a test waits for. */
const PATIENCE_MS = 240_000;
/**
 * Of this machine's time: a cluster's minutes pass in seconds, whether or not a busy machine has done their work. Only a
 * test that fails waits for it.
 */
const LEAST_PATIENCE_MS = 300_000;
const POLL_EVERY_MS = 5;

/** Starts a cluster that runs `timeScale` times faster than real time; with `tls` it speaks HTTP/2. */
export async function setStage(timeScale: number, tls = false): Promise<Stage> {
  const cluster = await startSimulatedCluster({
    timeScale,
    crdFolder: CRD_FOLDER,
    tls,
    seed: 11,
    furtherRules: kubernetesRules,
  });
  const ledger = keepLedger(cluster);

  function wait<T>(find: () => Found<T>, withinMs: number): Promise<T | undefined> {
    const endsAt = cluster.now() + withinMs;
    const earliestEndAt = performance.now() + LEAST_PATIENCE_MS;
    return poll(find, POLL_EVERY_MS, () => cluster.now() > endsAt && performance.now() > earliestEndAt);
  }

  return { cluster, ledger, eventually: waitingBy(wait, PATIENCE_MS), pass: (ms) => passTime(cluster, ms) };
}
