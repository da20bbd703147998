// What people write out of kubectl's habit and `lint` does not take, with the command that does what they mean.
import { statSync } from "node:fs";
import { UsageError } from "../../exit-codes.ts";

const FILE_NAME = /\.(ya?ml|json)$/i;

/** Throws UsageError for a name that is a path, such as "k8s/" or "web.yaml". */
export function refusePathAsName(name: string): void {
  const isPath = /^\.{0,2}\//.test(name) || FILE_NAME.test(name) || name.endsWith("/") || isThere(name);
  if (isPath)
    throw new UsageError(`${name} is a path; pass it with -f: kubectl rolloutguard lint -f ${name}`);
}

/** Throws UsageError for a URL, which is read by other tools. */
export function refuseUrl(path: string): void {
  if (!/^https?:\/\//.test(path)) return;
  throw new UsageError(
    `-f ${path}: lint reads no URLs; pipe it in: curl -fsSL ${path} | kubectl rolloutguard lint -f -`,
  );
}

/** Throws UsageError: kustomizations are built by kubectl. */
export function refuseKustomization(folder: string): void {
  throw new UsageError(
    `-k ${folder}: lint builds no kustomizations; pipe the result in: kubectl kustomize ${folder} | kubectl rolloutguard lint -f -`,
  );
}

function isThere(path: string): boolean {
  return path.includes("/") && statSync(path, { throwIfNoEntry: false }) !== undefined;
}
