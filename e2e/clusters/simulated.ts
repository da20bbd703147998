// The simulated cluster as a cluster under test: it speaks HTTPS and HTTP/2 as a real one does, and its time runs faster.
import { KubeConfig } from "@kubernetes/client-node";
import { type SimulatedCluster, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { APPLICATION_REPOSITORY, MISSING_IMAGE } from "../../hack/application/image-names.ts";
import { CRD_FOLDER } from "../../hack/crd-folder.ts";
import { kubernetesRules } from "../../hack/kubernetes-rules.ts";
import type { ClusterUnderTest } from "./cluster-under-test.ts";

/** One ordinary node, as the local cluster has it; with room for the pods of all scenarios at a time. */
const NODE = { cpu: "16", memory: "64Gi", pods: "500" };

export interface SimulatedUnderTest extends ClusterUnderTest {
  readonly simulated: SimulatedCluster;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startSimulatedUnderTest(timeScale: number): Promise<SimulatedUnderTest> {
  const simulated = await startSimulatedCluster({
    timeScale,
    crdFolder: CRD_FOLDER,
    furtherRules: kubernetesRules,
    tls: true,
    seed: 7,
    nodes: 1,
    nodeCapacity: NODE,
  });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(simulated.kubeconfig());
  return {
    name: "simulated",
    kubeConfig,
    timeScale,
    now: () => simulated.now(),
    applicationImage: (tag) => `${APPLICATION_REPOSITORY}:${tag}`,
    missingImage: MISSING_IMAGE,
    cannot: {},
    simulated,
    stop: () => simulated.stop(),
  };
}
