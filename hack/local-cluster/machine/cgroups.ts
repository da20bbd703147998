// The control groups of a cluster's containers: one folder in each hierarchy, made for the cluster and removed with it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How the machine has its control groups mounted. */
export interface CgroupLayout {
  readonly version: 1 | 2;
  /** Where the hierarchies are: one for version 2, one for each controller (or group of them) for version 1. */
  readonly hierarchies: readonly string[];
}

const GONE_WITHIN_MS = 10_000;

/** Looks at the machine's mounts. Throws when no control groups are mounted. */
export function cgroupLayout(mounts = readFileSync("/proc/self/mounts", "utf8")): CgroupLayout {
  const found = mounts
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([, point, type]) => (point === undefined ? [] : [{ point, type }]));
  const unified = found.filter(({ type }) => type === "cgroup2").map(({ point }) => point);
  const first = found.filter(({ type }) => type === "cgroup").map(({ point }) => point);
  if (first.length > 0) return { version: 1, hierarchies: [...first, ...unified] };
  if (unified.length === 0) throw new Error("No control groups are mounted under /sys/fs/cgroup.");
  return { version: 2, hierarchies: unified.slice(0, 1) };
}

/** Makes the group in each hierarchy. */
export function makeCgroup({ hierarchies }: CgroupLayout, name: string): void {
  for (const hierarchy of hierarchies) mkdirSync(join(hierarchy, name), { recursive: true });
}

/**
 * The processes of the group that has the container's id for its name, somewhere below the cluster's (all
 * clusters' where its name is empty); as this machine numbers them. None when there is no such group.
 */
export function processesOf(
  { hierarchies }: CgroupLayout,
  name: string,
  container: string,
): readonly number[] {
  for (const hierarchy of hierarchies) {
    const folder = folderNamed(container, join(hierarchy, name));
    const processes = folder === undefined ? "" : readFileSync(join(folder, "cgroup.procs"), "utf8").trim();
    if (processes !== "") return processes.split("\n").map(Number);
  }
  return [];
}

function folderNamed(name: string, root: string): string | undefined {
  for (const folder of foldersIn(root)) {
    const found = folder === name ? join(root, folder) : folderNamed(name, join(root, folder));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** None when the folder has gone meanwhile: pods come and go. */
function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

/** Removes the group and what is below it, waiting for its last processes to be gone. */
export async function removeCgroup({ hierarchies }: CgroupLayout, name: string): Promise<void> {
  const until = Date.now() + GONE_WITHIN_MS;
  for (const hierarchy of hierarchies) {
    for (;;) {
      try {
        removeTree(join(hierarchy, name));
        break;
      } catch (error) {
        if (Date.now() > until) throw error;
        await sleep(50);
      }
    }
  }
}

/** The files in a group go with it; only folders are removed, the deepest first. */
function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of foldersIn(folder)) removeTree(join(folder, name));
  rmdirSync(folder);
}
