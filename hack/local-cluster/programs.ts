// Starts the programs of a cluster in the order in which they need one another.
import { existsSync, statfsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { writeImageArchive } from "../images/image-archive.ts";
import { runProgram } from "../run-program.ts";
import type { Binaries } from "./binaries/choose-binaries.ts";
import { writeClusterFiles } from "./cluster-files.ts";
import { NODE_NAME } from "./configuration/addresses.ts";
import { PAUSE_IMAGE } from "./configuration/containerd.ts";
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  schedulerArguments,
  servingCertificate,
} from "./configuration/control-plane.ts";
import { kubeletArguments } from "./configuration/kubelet.ts";
import { Daemon } from "./machine/daemon.ts";
import type { Isolation } from "./machine/isolation.ts";
import type { RunFolder } from "./machine/run-folder.ts";

const READY_WITHIN_MS = 180_000;
const AWAIT_READY = fileURLToPath(new URL("./await-ready.ts", import.meta.url));

/** A cluster whose programs run. */
export interface RunningPrograms {
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
}

/** What there is of a cluster before its programs run. */
export interface Beginnings {
  readonly folder: RunFolder;
  readonly isolation: Isolation;
  readonly binaries: Binaries;
  /** Filled as they start. */
  readonly daemons: Daemon[];
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Resolves when the node takes pods. Rejects when a program ends, when it takes too long, and when the signal comes; what
 * was started then still runs.
 */
export async function startPrograms(beginnings: Beginnings): Promise<RunningPrograms> {
  const over = new AbortController();
  const signals = beginnings.signal === undefined ? [] : [beginnings.signal];
  try {
    return await inOrder({ ...beginnings, signal: AbortSignal.any([over.signal, ...signals]) });
  } finally {
    over.abort();
  }
}

async function inOrder(beginnings: Beginnings): Promise<RunningPrograms> {
  const { folder, isolation, binaries, daemons, progress, signal } = beginnings;
  const logFolder = folder.folder("logs");
  const files = await writeClusterFiles(folder, binaries, isOverlay(folder.path) ? "native" : "overlayfs");
  const start = (name: string, program: string, args: readonly string[]): void => {
    progress(`Starting ${name} …`);
    const path = [binaries.containerd, join(binaries.runc, "..")];
    const command = [program, ...args];
    daemons.push(new Daemon({ name, inside: isolation.inside, command, logFolder, path }));
  };
  const anyFailure = (): Promise<never> => Promise.race(daemons.map(({ failure }) => failure));
  const late = lateness(daemons, signal);
  const meanwhile = <T>(work: Promise<T>): Promise<T> => Promise.race([work, anyFailure(), late]);
  const kubernetes = (name: string): string => join(binaries.kubernetes, name);
  // In all namespaces, so that it ends with them.
  const awaitReady = [...isolation.inside, process.execPath, AWAIT_READY];
  const ready = (what: "api" | "node"): Promise<string> =>
    meanwhile(runProgram([...awaitReady, what, files.adminKubeconfig], { signal }));

  start("etcd", binaries.etcd, etcdArguments(files.controlPlane));
  start("kube-apiserver", kubernetes("kube-apiserver"), apiServerArguments(files.controlPlane));
  start("containerd", join(binaries.containerd, "containerd"), ["--config", files.containerdConfiguration]);
  const containerdClient = join(binaries.containerd, "ctr");
  const ctr = [
    ...isolation.inside,
    containerdClient,
    `--address=${files.containerd.socket}`,
    "--namespace=k8s.io",
  ];
  const importImage = async (archive: string): Promise<void> => {
    await runProgram([...ctr, "images", "import", resolve(archive)]);
  };
  await meanwhile(existence(servingCertificate(files.controlPlane), signal));
  files.writeKubeconfigs();
  await ready("api");
  start(
    "kube-controller-manager",
    kubernetes("kube-controller-manager"),
    controllerManagerArguments(files.controlPlane),
  );
  start("kube-scheduler", kubernetes("kube-scheduler"), schedulerArguments(files.controlPlane));
  await meanwhile(existence(files.containerd.socket, signal));
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
  };
}

async function existence(path: string, signal: AbortSignal | undefined): Promise<void> {
  while (!existsSync(path)) await sleep(50, undefined, { signal });
}

/** Rejects when the cluster is not ready in time, with what its programs said last. */
async function lateness(daemons: readonly Daemon[], signal: AbortSignal | undefined): Promise<never> {
  await sleep(READY_WITHIN_MS, undefined, { signal });
  const logs = daemons.map((daemon) => daemon.logEnd());
  throw new Error([`The cluster was not ready within ${READY_WITHIN_MS / 1_000} s.`, ...logs].join("\n"));
}

async function pauseArchive(folder: RunFolder, binaries: Binaries): Promise<string> {
  const rootFolder = folder.folder("pause");
  await runProgram(["cp", binaries.pause, join(rootFolder, "pause")]);
  const archive = join(folder.path, "pause.tar");
  await writeImageArchive({ names: [PAUSE_IMAGE], rootFolder, entrypoint: ["/pause"] }, archive);
  return archive;
}

/** An overlay cannot stand on another one (statfs(2), OVERLAYFS_SUPER_MAGIC). */
function isOverlay(path: string): boolean {
  return statfsSync(path).type === 0x794c7630;
}
