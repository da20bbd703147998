// Builds Kubernetes' programs through the Go module beside this folder, once for each version of the module.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../run-program.ts";

const MODULE = join(import.meta.dirname, "../kubernetes");
const ELAPSED_EVERY_MS = 15_000;

/** The programs of Kubernetes that a cluster needs. */
export const KUBERNETES_PROGRAMS = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
] as const;
/** The module's own program; see kubernetes/pause. */
const PAUSE = "pause";

export interface BuildOptions {
  readonly cacheFolder: string;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The folder with the programs and `pause`, built if need be. */
export function builtKubernetes(options: BuildOptions): Promise<string> {
  return built([...KUBERNETES_PROGRAMS, PAUSE], options);
}

/** The folder with `pause`, for those who bring the other programs. */
export function builtPause(options: BuildOptions): Promise<string> {
  return built([PAUSE], options);
}

async function built(programs: readonly string[], options: BuildOptions): Promise<string> {
  const { cacheFolder, progress, signal } = options;
  const version = kubernetesVersion();
  const folder = join(cacheFolder, `kubernetes-${version}-${moduleDigest()}`);
  mkdirSync(folder, { recursive: true });
  const missing = programs.filter((program) => !existsSync(join(folder, program)));
  if (missing.length > 0) await checkGo();
  for (const [index, program] of missing.entries()) {
    const what = `${program === PAUSE ? program : `${program} ${version}`} (${index + 1} of ${missing.length})`;
    const startedAt = performance.now();
    const seconds = (): string => `${Math.round((performance.now() - startedAt) / 1_000)} s`;
    progress(`Building ${what} …`);
    const ticking = setInterval(() => progress(`Building ${what} … ${seconds()}`), ELAPSED_EVERY_MS);
    try {
      await build(program, version, join(folder, program), signal);
    } finally {
      clearInterval(ticking);
    }
    progress(`Built ${what} in ${seconds()}.`);
  }
  return folder;
}

/** A program gets its name when it is whole. */
async function build(
  program: string,
  version: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const unfinished = `${target}.${process.pid}`;
  const path = program === PAUSE ? "./pause" : `k8s.io/kubernetes/cmd/${program}`;
  const env = { ...process.env, CGO_ENABLED: "0" };
  try {
    await runProgram(["go", "build", "-ldflags", linkerFlags(version), "-o", unfinished, path], {
      cwd: MODULE,
      env,
      signal,
    });
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Without these the programs call themselves v0.0.0-master+$Format, and clients complain. */
export function linkerFlags(version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  const settings = Object.entries(values).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  return ["-s", "-w", ...settings].join(" ");
}

/** The version of Kubernetes that the module requires, such as v1.36.2. */
export function kubernetesVersion(goMod = readFileSync(join(MODULE, "go.mod"), "utf8")): string {
  const version = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error("go.mod requires no k8s.io/kubernetes");
  return version;
}

function moduleDigest(): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "pause/main.go"]) hash.update(readFileSync(join(MODULE, file)));
  return hash.digest("hex").slice(0, 12);
}

async function checkGo(): Promise<void> {
  try {
    await runProgram(["go", "version"], { cwd: MODULE });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Building Kubernetes requires Go (see hack/local-cluster/kubernetes/go.mod for the version). Or set KUBERNETES_BIN_DIR to a folder with ${KUBERNETES_PROGRAMS.join(", ")}. ${reason}`,
    );
  }
}
