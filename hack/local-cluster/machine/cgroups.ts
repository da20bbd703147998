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

/** The processes of a group below the cluster's, as this machine numbers them; none when there is no such group. */
export function processesOf(
  { hierarchies }: CgroupLayout,
  name: string,
  container: string,
): readonly number[] {
  const file = hierarchies
    .map((hierarchy) => join(hierarchy, name, container, "cgroup.procs"))
    .find((path) => existsSync(path) && readFileSync(path, "utf8") !== "");
  if (file === undefined) return [];
  return readFileSync(file, "utf8").trim().split("\n").map(Number);
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
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}
