// On what and of what a run was taken: machine, versions, revision.
import { execFileSync } from "node:child_process";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import { VERSION } from "../../src/version.ts";
import type { BenchResults } from "./results.ts";

/** As it is now: call it before the bench makes work. */
export function surroundings(): Pick<BenchResults, "takenAt" | "revision" | "versions" | "machine"> {
  return {
    takenAt: `${new Date().toISOString().slice(0, 19)}Z`,
    revision: revision(),
    versions: { operator: VERSION, node: process.versions.node },
    machine: {
      cores: cpus().length,
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      memoryGB: Math.round(totalmem() / 1e9),
      system: `${platform()} ${release()} ${arch()}`,
      loadBefore: loadavg()[0] ?? 0,
    },
  };
}

/** The commit, marked when the sources differ from it. */
function revision(): string {
  try {
    const commit = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain", "--", "../../src") === "" ? commit : `${commit} with changes`;
  } catch {
    return "no git repository";
  }
}

function git(...args: string[]): string {
  const { dirname: cwd } = import.meta;
  return execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}
