// Looks for what a cluster that was stopped may have left on the machine.
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { cgroupLayout } from "./cgroups.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** Where the programs of a cluster keep things when nobody tells them otherwise. Nothing of a local cluster belongs here. */
const USUAL_PLACES = [
  "/etc/cni",
  "/etc/containerd",
  "/etc/kubernetes",
  "/opt/cni",
  "/opt/containerd",
  "/opt/nri",
  "/run/containerd",
  "/run/mount",
  "/run/netns",
  "/sys/class/net",
  "/usr/libexec/kubernetes",
  "/var/lib/cni",
  "/var/lib/containerd",
  "/var/lib/etcd",
  "/var/lib/kubelet",
  "/var/log/containers",
  "/var/log/pods",
];
const NAMESPACES = ["pid", "mnt", "net"] as const;

/** What is known of a cluster before it is stopped. */
export interface Belongings {
  readonly folder: string;
  /** Of the first process, as /proc calls them: "pid:[4026532178]". */
  readonly namespaces: readonly string[];
}

/** Of a running cluster: its folder and its first process. */
export function belongings(folder: string, init: ProcessIdentity): Belongings {
  return { folder, namespaces: NAMESPACES.map((kind) => readlinkSync(`/proc/${init.pid}/ns/${kind}`)) };
}

/** What of the stopped cluster is still there: its folder, control groups, mounts and processes, a line each. */
export function remainsOf({ folder, namespaces }: Belongings): readonly string[] {
  const name = basename(folder);
  const groups = cgroupLayout().hierarchies.map((hierarchy) => join(hierarchy, name));
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const processes = entriesOf("/proc").filter((pid) => /^\d+$/.test(pid));
  return [
    ...[folder, ...groups].filter((path) => existsSync(path)),
    ...mounts.filter((line) => line.includes(name)).map((line) => `mount ${line}`),
    ...processes
      .filter((pid) => NAMESPACES.some((kind) => namespaces.includes(namespaceOf(pid, kind))))
      .map((pid) => `process ${pid}`),
  ];
}

/** A look at what clusters could change for the whole machine, a line each; `kernelSettings` are files below /proc/sys. */
export function surroundings(kernelSettings: readonly string[]): readonly string[] {
  return [
    ...USUAL_PLACES.flatMap((place) => [
      ...(existsSync(place) ? [place] : []),
      ...entriesOf(place).map((entry) => join(place, entry)),
    ]),
    ...cgroupLayout().hierarchies.flatMap((hierarchy) =>
      ["k8s.io", "kubepods"].map((name) => join(hierarchy, name)).filter((path) => existsSync(path)),
    ),
    ...kernelSettings.map((name) => `${name} = ${readFileSync(join("/proc/sys", name), "utf8").trim()}`),
  ];
}

function namespaceOf(pid: string, kind: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return "";
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
