// What kustomize makes of a folder below config/, for tests.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { kubectlFolder } from "../../kubectl-contract/kubectl-binary.ts";

/** Where the overlays are. */
export const CONFIG = join(import.meta.dirname, "../../../config");

/** Any object, as kustomize writes it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: manifests of all kinds; the tests say what they must hold
  readonly [field: string]: any;
}

/** What `kubectl apply -k` of the folder would send. */
export function buildOverlay(folder: string): readonly Manifest[] {
  const kubectl = join(kubectlFolder(), "kubectl");
  const text = execFileSync(kubectl, ["kustomize", folder], { encoding: "utf8", timeout: 60_000 });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** The one object of that kind and name; throws when there is none or more. */
export function only(manifests: readonly Manifest[], kind: string, name = "rolloutguard"): Manifest {
  const found = manifests.filter(({ kind: each, metadata }) => each === kind && metadata.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} ${kind}s are called ${name}`);
  return found[0];
}

/** The overlays that install the operator, with what differs between them. */
export const OVERLAYS = [
  { overlay: "default", namespace: "rolloutguard-system", role: "ClusterRole" },
  { overlay: "namespaced", namespace: "production", role: "Role" },
] as const;
