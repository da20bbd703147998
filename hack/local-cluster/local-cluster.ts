// A real cluster on this machine: Kubernetes' own programs with containerd, in namespaces of their own.
import { existsSync, statfsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeImageArchive } from "../images/image-archive.ts";
import { type Binaries, chooseBinaries } from "./binaries/choose-binaries.ts";
import { writeClusterFiles } from "./cluster-files.ts";
import { DNS_ADDRESS, NODE_NAME } from "./configuration/addresses.ts";
import { PAUSE_IMAGE } from "./configuration/containerd.ts";
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  LOOPBACK_ADDRESSES,
  schedulerArguments,
  servingCertificate,
} from "./configuration/control-plane.ts";
import { KERNEL_SETTINGS, kubeletArguments } from "./configuration/kubelet.ts";
import { mainProcessOf } from "./container-process.ts";
import { cgroupLayout, makeCgroup } from "./machine/cgroups.ts";
import { Daemon } from "./machine/daemon.ts";
import { type Isolation, isolate } from "./machine/isolation.ts";
import { checkMachine } from "./machine/requirements.ts";
import { runCommand } from "./machine/run-command.ts";
import { clearLeftovers, RunFolder } from "./machine/run-folder.ts";

const READY_WITHIN_MS = 120_000;
const AWAIT_READY = join(import.meta.dirname, "await-ready.ts");

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

export interface LocalCluster {
  /** Path of the administrator's. Its server can be reached through `enter` only. */
  readonly kubeconfig: string;
  /** Of the API server, such as v1.36.2. */
  readonly version: string;
  /** Put before a command to have it run in the cluster's network, with this machine's files and processes. */
  readonly enter: readonly string[];
  readonly node: string;
  /** A log for each program of the cluster. */
  readonly logFolder: string;
  /** Rejects when a program of the cluster ends before `stop`; never resolves. */
  readonly failure: Promise<never>;
  /** Makes the images of an archive (such as `writeImageArchive` writes) known to the node. */
  importImage(archive: string): Promise<void>;
  /** The main process of a pod's running container, as this machine numbers it; `container` may be left out for an only one. */
  processIdOf(namespace: string, pod: string, container?: string): Promise<number>;
  /** Ends everything and leaves nothing behind. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts one and resolves when its node takes pods. Several may run side by side. Needs root. It ends with this process,
 * however that ends; what a killed process leaves (files, empty control groups) the next start removes.
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { progress, signal } = options;
  await checkMachine();
  for (const folder of await clearLeftovers()) progress(`Removed ${folder}, which an earlier run had left.`);
  const binaries = await chooseBinaries(options);
  signal?.throwIfAborted();
  const startedAt = performance.now();
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
    const cluster = await startPrograms({ folder, isolation, binaries, daemons }, options);
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
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What there is of a cluster before its programs run. */
interface Beginnings {
  readonly folder: RunFolder;
  readonly isolation: Isolation;
  readonly binaries: Binaries;
  /** Filled as they start. */
  readonly daemons: Daemon[];
}

/** Starts the programs in the order in which they need one another. */
async function startPrograms(
  { folder, isolation, binaries, daemons }: Beginnings,
  { progress, signal }: LocalClusterOptions,
): Promise<Omit<LocalCluster, "stop">> {
  const logFolder = folder.folder("logs");
  const files = await writeClusterFiles(folder, binaries, isOverlay(folder.path) ? "native" : "overlayfs");
  const given = AbortSignal.any([
    AbortSignal.timeout(READY_WITHIN_MS),
    ...(signal === undefined ? [] : [signal]),
  ]);
  const start = (name: string, program: string, args: readonly string[]): void => {
    progress(`Starting ${name} …`);
    const path = [binaries.containerd, join(binaries.runc, "..")];
    const command = [program, ...args];
    daemons.push(new Daemon({ name, inside: isolation.inside, command, logFolder, path }));
  };
  const anyFailure = (): Promise<never> => Promise.race(daemons.map(({ failure }) => failure));
  const meanwhile = <T>(work: Promise<T>): Promise<T> => Promise.race([work, anyFailure()]);
  const kubernetes = (name: string): string => join(binaries.kubernetes, name);
  const ready = (what: "api" | "node"): Promise<string> =>
    meanwhile(
      runCommand([...isolation.insideNetwork, process.execPath, AWAIT_READY, what, files.adminKubeconfig], {
        signal: given,
      }),
    );

  start("etcd", binaries.etcd, etcdArguments(files.controlPlane));
  start("kube-apiserver", kubernetes("kube-apiserver"), apiServerArguments(files.controlPlane));
  start("containerd", join(binaries.containerd, "containerd"), ["--config", files.containerdConfiguration]);
  const ctr = [
    ...isolation.inside,
    ...[join(binaries.containerd, "ctr"), "--address", files.containerd.socket, "--namespace", "k8s.io"],
  ];
  const importImage = async (archive: string): Promise<void> => {
    await runCommand([...ctr, "images", "import", resolve(archive)]);
  };
  await meanwhile(existence(servingCertificate(files.controlPlane), given));
  files.writeKubeconfigs();
  await ready("api");
  start(
    "kube-controller-manager",
    kubernetes("kube-controller-manager"),
    controllerManagerArguments(files.controlPlane),
  );
  start("kube-scheduler", kubernetes("kube-scheduler"), schedulerArguments(files.controlPlane));
  await meanwhile(existence(files.containerd.socket, given));
  await importImage(await pauseArchive(folder, binaries));
  start("kubelet", kubernetes("kubelet"), kubeletArguments(files.kubelet));
  const version = (await ready("node")).trim();
  const failure = anyFailure();
  failure.catch(() => {});
  return {
    kubeconfig: files.adminKubeconfig,
    version,
    enter: isolation.insideNetwork,
    node: NODE_NAME,
    logFolder,
    failure,
    importImage,
    processIdOf: (namespace, pod, container) =>
      mainProcessOf({ namespace, pod, container }, ctr, folder.cgroup),
  };
}

async function existence(path: string, signal: AbortSignal): Promise<void> {
  while (!existsSync(path)) await sleep(50, undefined, { signal });
}

async function pauseArchive(folder: RunFolder, binaries: Binaries): Promise<string> {
  const rootFolder = folder.folder("pause");
  await runCommand(["cp", binaries.pause, join(rootFolder, "pause")]);
  const archive = join(folder.path, "pause.tar");
  await writeImageArchive({ names: [PAUSE_IMAGE], rootFolder, entrypoint: ["/pause"] }, archive);
  return archive;
}

/** An overlay cannot stand on another one (statfs(2), OVERLAYFS_SUPER_MAGIC). */
function isOverlay(path: string): boolean {
  return statfsSync(path).type === 0x794c7630;
}
