// The operators of a test that run in processes of their own.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import { OperatorProcess } from "../../hack/operator-process.ts";

export class OperatorProcesses {
  readonly #started: OperatorProcess[] = [];
  readonly #folders: string[] = [];

  /** Those that were started, whether or not they still run. */
  get all(): readonly OperatorProcess[] {
    return this.#started;
  }

  /** Starts one for a cluster that runs `timeScale` times as fast as real time. */
  async start(
    cluster: SimulatedCluster,
    timeScale: number,
    flags: readonly string[] = [],
  ): Promise<OperatorProcess> {
    const folder = await mkdtemp(join(tmpdir(), "rolloutguard-process-"));
    this.#folders.push(folder);
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, cluster.kubeconfig());
    const started = new OperatorProcess({ kubeconfig, clockRate: timeScale, flags });
    this.#started.push(started);
    return started;
  }

  /** Ends all at once and removes their files. */
  async dispose(): Promise<void> {
    for (const one of this.#started) one.signal("SIGKILL");
    await Promise.all(this.#started.map(({ ended }) => ended));
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true })));
  }
}
