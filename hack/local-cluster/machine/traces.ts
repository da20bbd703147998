// What a cluster could leave on a machine, to compare before and after.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { KERNEL_SETTINGS } from "../configuration/kubelet.ts";
import { cgroupLayout } from "./cgroups.ts";

/** Folders in which programs like those of a cluster keep things; their entries are compared. */
const FOLDERS = [
  ...[
    "/run",
    "/run/netns",
    "/var/lib",
    "/var/lib/cni",
    "/var/lib/kubelet",
    "/var/lib/containerd",
    "/var/log",
  ],
  ...["/var/log/pods", "/var/log/containers", "/var/tmp", "/etc", "/etc/cni", "/etc/containerd", "/opt"],
  ...["/opt/containerd", "/usr/libexec", "/usr/libexec/kubernetes"],
];

/** Each one a line: a folder's entry, a mount, a control group, a network interface, a kernel setting, a namespace in use. */
export function traces(): readonly string[] {
  return [
    ...FOLDERS.flatMap((folder) => entries(folder).map((name) => `file ${join(folder, name)}`)),
    ...readFileSync("/proc/self/mounts", "utf8")
      .trim()
      .split("\n")
      .map((line) => `mount ${line}`),
    ...cgroupLayout().hierarchies.flatMap((folder) => groupsBelow(folder).map((group) => `cgroup ${group}`)),
    ...entries("/sys/class/net").map((name) => `network interface ${name}`),
    ...Object.keys(KERNEL_SETTINGS).map((name) => `setting ${name} ${setting(name)}`),
    ...namespaces(),
  ];
}

/** What was not there before, and what is not there any more. */
export function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const earlier = new Set(before);
  const later = new Set(after);
  return [
    ...after.filter((line) => !earlier.has(line)).map((line) => `left behind: ${line}`),
    ...before.filter((line) => !later.has(line)).map((line) => `gone: ${line}`),
  ];
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function groupsBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [join(folder, name), ...groupsBelow(join(folder, name))]);
  } catch {
    return [];
  }
}

function setting(name: string): string {
  try {
    return readFileSync(join("/proc/sys", name), "utf8").trim();
  } catch {
    return "missing";
  }
}

/** Processes in other namespaces than this one's show that something of a cluster still runs. */
function namespaces(): readonly string[] {
  const found = new Set<string>();
  for (const pid of entries("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const kind of ["net", "pid", "mnt"]) {
      try {
        found.add(`namespace ${readlinkSync(`/proc/${pid}/ns/${kind}`)}`);
      } catch {
        // The process has ended meanwhile.
      }
    }
  }
  return [...found];
}
