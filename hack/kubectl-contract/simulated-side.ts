// The simulated cluster as the contract is played on it: fast, as nobody looks on.
import { startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { CRD_FOLDER } from "../crd-folder.ts";
import { kubernetesRules } from "../kubernetes-rules.ts";

const TIME_SCALE = 20;

/** Starts one; gives its kubeconfig and the way to stop it. */
export async function simulatedKubeconfig(): Promise<{
  readonly kubeconfig: string;
  readonly stop: () => Promise<void>;
}> {
  const cluster = await startSimulatedCluster({
    timeScale: TIME_SCALE,
    crdFolder: CRD_FOLDER,
    furtherRules: kubernetesRules,
  });
  return { kubeconfig: cluster.kubeconfig(), stop: () => cluster.stop() };
}
