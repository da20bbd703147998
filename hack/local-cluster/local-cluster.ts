// A real cluster on this machine: Kubernetes' own programs with containerd, in namespaces of their own.
import { chooseBinaries } from "./binaries/choose-binaries.ts";
import { DNS_ADDRESS, LOOPBACK_ADDRESSES } from "./configuration/addresses.ts";
import { KERNEL_SETTINGS } from "./configuration/kubelet.ts";
import { cgroupLayout, makeCgroup } from "./machine/cgroups.ts";
import type { Daemon } from "./machine/daemon.ts";
import { type Isolation, isolate } from "./machine/isolation.ts";
import { belongings, remainsOf, surroundings } from "./machine/remains.ts";
import { checkMachine } from "./machine/requirements.ts";
import { clearLeftovers, RunFolder } from "./machine/run-folder.ts";
import { type RunningPrograms, startPrograms } from "./programs.ts";

export interface LocalClusterOptions {
  /** Told what is going on, a line at a time. */
  readonly progress: (line: string) => void;
  /** Gives the start up; what was begun is taken away. */
  readonly signal?: AbortSignal;
  /** Where built and fetched programs are kept; ~/.cache/rolloutguard by default. */
  readonly cacheFolder?: string;
  /** Holds the programs of Kubernetes; otherwise KUBERNETES_BIN_DIR, KUBEBUILDER_ASSETS, or they are built. */
  readonly binFolder?: string;
}

export interface LocalCluster extends RunningPrograms {
  /** Ends everything and leaves nothing behind. May be called again. */
  stop(): Promise<void>;
  /** After `stop`: what is still there of the cluster, or new on the machine since the start; nothing, if all is well. */
  remains(): readonly string[];
}

/**
 * Starts one and resolves when its node takes pods. Several may run side by side. Needs root. It ends with this process,
 * however that ends; what a killed process leaves (files, empty control groups) the next start removes.
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { progress, signal } = options;
  await checkMachine();
  for (const folder of await clearLeftovers()) progress(`Removed ${folder} of an earlier run.`);
  const binaries = await chooseBinaries(options);
  signal?.throwIfAborted();
  const startedAt = performance.now();
  const before = new Set(surroundings(Object.keys(KERNEL_SETTINGS)));
  const folder = new RunFolder();
  const daemons: Daemon[] = [];
  let isolation: Isolation | undefined;
  const stop = async (): Promise<void> => {
    await isolation?.end();
    await Promise.all(daemons.map(({ ended }) => ended));
    await folder.remove();
  };
  try {
    makeCgroup(cgroupLayout(), folder.cgroup);
    isolation = await isolate({
      init: binaries.pause,
      folder: folder.folder("isolation"),
      kernelSettings: KERNEL_SETTINGS,
      loopbackAddresses: LOOPBACK_ADDRESSES,
      resolvConf: `nameserver ${DNS_ADDRESS}\n`,
      signal,
    });
    folder.noteInit(isolation.init);
    const own = belongings(folder.path, isolation.init);
    const cluster = await startPrograms({ folder, isolation, binaries, daemons, progress, signal });
    progress(
      `Kubernetes ${cluster.version} is ready after ${Math.round((performance.now() - startedAt) / 1_000)} s.`,
    );
    let stopped: Promise<void> | undefined;
    return {
      ...cluster,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
      remains: () => [
        ...remainsOf(own),
        ...surroundings(Object.keys(KERNEL_SETTINGS)).filter((line) => !before.has(line)),
      ],
    };
  } catch (error) {
    await stop();
    if (signal?.aborted) throw new Error("The start was interrupted.", { cause: error });
    throw error;
  }
}
