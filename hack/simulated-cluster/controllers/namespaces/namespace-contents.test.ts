import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { waitUntil } from "../../wait-until.ts";

describe("the contents of a namespace", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 200, seed: 5 });
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  afterEach(() => cluster.stop());

  const serviceAccount = () => cluster.store.get("serviceaccounts", "shop", "default");
  const rootCa = () => cluster.store.get("configmaps", "shop", "kube-root-ca.crt");
  const isFilled = () => serviceAccount() !== undefined && rootCa() !== undefined;

  it("are a ServiceAccount and the root CA, from the start", async () => {
    await waitUntil(cluster, "both are there", isFilled);
    expect(rootCa()?.data).to.have.all.keys("ca.crt");
  });

  it("come back when they are deleted, and go with the namespace", async () => {
    await waitUntil(cluster, "both are there", isFilled);
    cluster.store.delete("serviceaccounts", "shop", "default");
    expect(serviceAccount()).to.equal(undefined);
    await waitUntil(cluster, "it is back", isFilled);
    cluster.store.delete("namespaces", "", "shop");
    await waitUntil(cluster, "the namespace is gone", () => !cluster.store.get("namespaces", "", "shop"));
    expect(serviceAccount()).to.equal(undefined);
  });
});
