// The contract on the simulated cluster: what real clusters do, it does.
import { KubeConfig } from "@kubernetes/client-node";
import { type SimulatedCluster, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import { CRD_FOLDER } from "../../hack/crd-folder.ts";
import { kubernetesRules } from "../../hack/kubernetes-rules.ts";
import { type Api, connectApi } from "./api.ts";
import { CONTRACT } from "./contract.ts";
import { type ContractResult, runContract } from "./run-contract.ts";

const TIME_SCALE = 20;

describe("on the simulated cluster as on a real one", () => {
  let cluster: SimulatedCluster;
  let api: Api;
  let results: readonly ContractResult[];

  before(async () => {
    cluster = await startSimulatedCluster({
      timeScale: TIME_SCALE,
      crdFolder: CRD_FOLDER,
      furtherRules: kubernetesRules,
      tls: true,
      nodes: 1,
      seed: 4,
    });
    const config = new KubeConfig();
    config.loadFromString(cluster.kubeconfig());
    // As on a server that has run for a while.
    cluster.expireResourceVersions();
    api = connectApi(config, TIME_SCALE);
    results = await runContract(api, { hasKubelet: true });
  });

  after(async () => {
    await api.close();
    await cluster.stop();
  });

  for (const [index, { title }] of CONTRACT.entries()) {
    it(title, () => {
      const { outcome, error } = results[index] ?? {};
      if (error !== undefined) throw error;
      expect(outcome).to.equal("kept");
    });
  }
});
