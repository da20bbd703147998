// Where built and downloaded programs are kept between runs, outside the tree.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** $XDG_CACHE_HOME/rolloutguard, or ~/.cache/rolloutguard. */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "rolloutguard");
}

/**
 * Has the folder filled under another name and renames it when that is done: what has the name is whole. When another
 * process was faster, its work stays.
 */
export async function fillFolder(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = `${target}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    try {
      renameSync(unfinished, target);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
