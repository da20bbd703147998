// The manifests that -f names: files, folders with all below, and stdin.
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, normalize, resolve } from "node:path";
import type { Manifest } from "../../../manifests/manifest.ts";
import { type ParsedText, parseManifests, type ReadProblem } from "../../../manifests/parse-manifests.ts";
import { CommandError, UsageError } from "../../exit-codes.ts";
import type { Terminal } from "../../terminal.ts";
import { KUSTOMIZATION, patchFilesOf } from "./kustomize-patches.ts";

export interface ReadManifests {
  readonly manifests: readonly Manifest[];
  /** What could not be read, and where. */
  readonly problems: readonly ReadProblem[];
  /** What was left out on purpose, as sentences. */
  readonly notes: readonly string[];
}

const MANIFEST_FILE = /\.(ya?ml|json)$/i;

/** Rejects with CommandError when there is nothing to lint, or a path is not there. */
export async function readManifests(
  paths: readonly string[],
  defaultNamespace: string,
  terminal: Pick<Terminal, "readInput" | "isInputTyped" | "err">,
): Promise<ReadManifests> {
  const notes: string[] = [];
  const parsed: ParsedText[] = [];
  const files = new Map<string, string>();
  for (const path of new Set(paths)) {
    if (path === "-") parsed.push(await readStdin(defaultNamespace, terminal));
    else for (const file of filesOf(path, notes)) files.set(resolve(file), file);
  }
  const patches = new Set([...files.values()].flatMap((file) => patchFilesOf(file, textOf(file))));
  const skipped = [...files].filter(([absolute]) => patches.has(absolute));
  for (const [absolute, file] of files) {
    if (!patches.has(absolute)) parsed.push(parseManifests(textOf(file), normalize(file), defaultNamespace));
  }
  if (skipped.length > 0) {
    notes.push(
      `left out ${skipped.length} ${skipped.length === 1 ? "patch" : "patches"} of kustomize; to lint the result: kubectl kustomize DIR | kubectl rolloutguard lint -f -`,
    );
  }
  const manifests = parsed.flatMap((one) => one.manifests);
  const problems = parsed.flatMap((one) => one.problems);
  if (manifests.length === 0 && problems.length === 0) {
    throw new CommandError(
      `no Kubernetes objects in ${paths.join(", ")}${notes.map((note) => `; ${note}`).join("")}`,
    );
  }
  return { manifests, problems, notes };
}

async function readStdin(
  defaultNamespace: string,
  terminal: Pick<Terminal, "readInput" | "isInputTyped" | "err">,
): Promise<ParsedText> {
  if (terminal.isInputTyped) terminal.err("reading manifests from the terminal; end them with Ctrl-D\n");
  const text = await terminal.readInput();
  if (text.trim() === "") {
    throw new CommandError(
      "stdin is empty; write for example: helm template . | kubectl rolloutguard lint -f -",
    );
  }
  return parseManifests(text, "stdin", defaultNamespace);
}

/** A file as it was named; of a folder everything that may be a manifest, in the order of names. */
function filesOf(path: string, notes: string[]): readonly string[] {
  if (!stat(path).isDirectory()) return [path];
  const files = walk(path, notes);
  if (files.length === 0) {
    throw new CommandError(
      `no manifests in the folder ${path}: looked for objects in *.yaml, *.yml and *.json in it and below${notes.map((note) => `; ${note}`).join("")}`,
    );
  }
  return files;
}

function walk(folder: string, notes: string[]): readonly string[] {
  const entries = listOf(folder);
  const isChart = entries.some(({ name }) => name === "Chart.yaml");
  if (isChart) {
    notes.push(
      `left out the Helm chart ${folder}; to lint it: helm template ${folder} | kubectl rolloutguard lint -f -`,
    );
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
    if (entry.isDirectory()) return walk(path, notes);
    return MANIFEST_FILE.test(entry.name) && isFile(entry, path) && canHoldObjects(path) ? [path] : [];
  });
}

/** Data and settings that lie beside manifests are none of ours, readable or not. */
function canHoldObjects(file: string): boolean {
  return KUSTOMIZATION.test(basename(file)) || textOf(file).includes("apiVersion");
}

/** Links to files are followed; links to folders may lead in circles. */
function isFile(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function stat(path: string) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`there is no file or folder ${path}`);
  return found;
}

function listOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new CommandError(`cannot read the folder ${folder}: ${reasonOf(cause)}`, undefined, { cause });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new CommandError(`cannot read ${file}: ${reasonOf(cause)}`, undefined, { cause });
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
