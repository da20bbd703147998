import { expect } from "chai";
import type { Condition } from "../../api-server/kinds.ts";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";

const NAMESPACE = "shop";

describe("a namespace that is deleted", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 9 });
  });

  afterEach(() => cluster.stop());

  const namespace = () => cluster.store.get("namespaces", "", NAMESPACE);
  const status = () =>
    namespace()?.status as { readonly phase: string; readonly conditions?: readonly Condition[] };
  const message = (type: string) => status().conditions?.find((each) => each.type === type)?.message;
  const hold = (name: string, finalizers: readonly string[] | null) =>
    cluster.store.patch("configmaps", NAMESPACE, name, { metadata: { finalizers } });

  function createConfigMap(name: string): void {
    cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE } });
  }

  it("goes when everything in it is gone, and takes nothing new meanwhile", async () => {
    cluster.store.apply(exampleDeployment());
    const pods = () => cluster.store.list("pods", NAMESPACE);
    await waitUntil(cluster, "three pods run", () => {
      return pods().filter((pod) => pod.status.phase === "Running").length === 3;
    });
    cluster.store.delete("namespaces", "", NAMESPACE);
    expect(status().phase).to.equal("Terminating");
    expect(namespace()?.spec).to.deep.equal({ finalizers: ["kubernetes"] });
    expect(() => createConfigMap("late"))
      .to.throw(
        'configmaps "late" is forbidden: unable to create new content in namespace shop because it is being terminated',
      )
      .with.nested.property("details.causes[0].reason", "NamespaceTerminating");
    await waitUntil(
      cluster,
      "it says what is left",
      () => message("NamespaceContentRemaining") !== undefined,
    );
    expect(message("NamespaceContentRemaining")).to.match(/pods\. has \d resource instances/);
    await waitUntil(cluster, "it is gone", () => namespace() === undefined);
    expect(pods()).to.deep.equal([]);
  });

  it("says what holds it", async () => {
    createConfigMap("held");
    hold("held", ["example.com/hold"]);
    cluster.store.delete("namespaces", "", NAMESPACE);
    await passTime(cluster, 5_000);
    expect(message("NamespaceContentRemaining")).to.equal(
      "Some resources are remaining: configmaps. has 1 resource instances",
    );
    expect(message("NamespaceFinalizersRemaining")).to.equal(
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    );
    hold("held", null);
    await waitUntil(cluster, "it is gone", () => namespace() === undefined);
  });

  it("waits for finalizers of its own", async () => {
    createConfigMap("a");
    const patch = (finalizers: readonly string[] | null) =>
      cluster.store.patch("namespaces", "", NAMESPACE, { metadata: { finalizers } });
    patch(["example.com/hold"]);
    cluster.store.delete("namespaces", "", NAMESPACE);
    await waitUntil(cluster, "it is empty", () => cluster.store.list("configmaps", NAMESPACE).length === 0);
    await passTime(cluster, 5_000);
    expect(namespace()).to.not.equal(undefined);
    expect(message("NamespaceContentRemaining")).to.equal("All content successfully removed");
    patch(null);
    await waitUntil(cluster, "it is gone", () => namespace() === undefined);
  });
});
