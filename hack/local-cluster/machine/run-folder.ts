// The folder of one running cluster, and the note in it by which a later start finds what a killed one left.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { cgroupLayout, removeCgroup } from "./cgroups.ts";
import { endProcess, identityOf, isRunning, type ProcessIdentity } from "./process-identity.ts";

/** On the disk rather than in memory: containers live in it. */
const PARENT = "/var/tmp";
const PREFIX = "rolloutguard-local-cluster-";
const NOTE = "owner.json";

/** Whose folder it is. */
interface Note {
  /** The process that started the cluster. */
  readonly owner: ProcessIdentity;
  /** The first process of its namespaces, once there is one. */
  readonly init?: ProcessIdentity;
}

export class RunFolder {
  readonly path: string;
  readonly #owner: ProcessIdentity;

  constructor(parent = PARENT) {
    const owner = identityOf(process.pid);
    if (owner === undefined) throw new Error("/proc does not tell of this process");
    this.#owner = owner;
    this.path = mkdtempSync(join(parent, PREFIX));
    this.#write({ owner });
  }

  /** The control group of its containers: named after the folder. */
  get cgroup(): string {
    return basename(this.path);
  }

  /** The path of a folder in it, which is made. */
  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  noteInit(init: ProcessIdentity): void {
    this.#write({ owner: this.#owner, init });
  }

  #write(note: Note): void {
    const path = join(this.path, NOTE);
    writeFileSync(`${path}.new`, JSON.stringify(note));
    renameSync(`${path}.new`, path);
  }

  /** Removes the folder and its control group. All processes of the cluster must have ended. */
  async remove(): Promise<void> {
    await removeCgroup(cgroupLayout(), this.cgroup);
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Ends and removes what clusters left whose starter was killed. Those that run are not touched. Gives back the
 * folders that it removed.
 */
export async function clearLeftovers(parent = PARENT): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of readdirSync(parent).filter((name) => name.startsWith(PREFIX))) {
    const path = join(parent, name);
    const note = noteIn(path);
    if (note === undefined || isRunning(note.owner)) continue;
    if (note.init !== undefined) await endProcess(note.init);
    await removeCgroup(cgroupLayout(), name);
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    removed.push(path);
  }
  return removed;
}

/** Undefined in the moment in which the folder is made, and for one that is not ours. */
function noteIn(folder: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, NOTE), "utf8")) as Note;
  } catch {
    return undefined;
  }
}
