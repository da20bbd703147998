// The ways in which releases are shipped, each by the program that people use, without force.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helmProgram } from "../../hack/kubectl-contract/kubectl-binary.ts";
import { runProgram } from "../../hack/run-program.ts";
import type { Kubectl } from "../installed/kubectl.ts";

export interface Applier {
  /** As a person types it. */
  readonly title: string;
  /** Kebab-case. */
  readonly name: string;
  shipper(place: Place): Ship;
  /** What RolloutGuard advises to do before the next release, where it cannot clean up. */
  readonly advised?: { readonly command: (namespace: string) => string; follow(place: Place): Promise<void> };
}

/** Applies a whole release. Rejects with what the program said when it is refused. */
export type Ship = (manifests: readonly object[]) => Promise<void>;

export interface Place {
  readonly kubectl: Kubectl;
  readonly kubeconfig: string;
  readonly namespace: string;
}

export const APPLIERS: readonly Applier[] = [
  { title: "helm upgrade", name: "helm", shipper: (place) => helmUpgrade(place, []) },
  {
    title: "helm upgrade --server-side=false",
    name: "helm-client-side",
    shipper: (place) => helmUpgrade(place, ["--server-side=false"]),
    advised: {
      command: (namespace) => `helm rollback shop --namespace ${namespace}`,
      follow: (place) => helm(place, ["rollback", "shop"]),
    },
  },
  {
    title: "kubectl apply --server-side",
    name: "kubectl-server-side",
    shipper: (place) => kubectlApply(place, ["--server-side"]),
  },
  { title: "kubectl apply", name: "kubectl-client-side", shipper: (place) => kubectlApply(place, []) },
];

function kubectlApply({ kubectl, namespace }: Place, flags: readonly string[]): Ship {
  return async (items) => {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await kubectl(["--namespace", namespace, "apply", ...flags, "-f", "-"], list);
  };
}

const CHART = JSON.stringify({ apiVersion: "v2", name: "shop", version: "1.0.0" });

/** Of a chart that is made of the manifests. */
function helmUpgrade(place: Place, flags: readonly string[]): Ship {
  return async (manifests) => {
    const folder = await mkdtemp(join(tmpdir(), "rolloutguard-chart-"));
    try {
      await mkdir(join(folder, "templates"));
      await writeFile(join(folder, "Chart.yaml"), CHART);
      const text = manifests.map((manifest) => JSON.stringify(manifest)).join("\n---\n");
      await writeFile(join(folder, "templates", "release.yaml"), text);
      await helm(place, ["upgrade", "--install", "shop", folder, ...flags]);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

async function helm({ kubeconfig, namespace }: Place, words: readonly string[]): Promise<void> {
  await runProgram([helmProgram(), ...words, "--namespace", namespace, "--kubeconfig", kubeconfig]);
}
