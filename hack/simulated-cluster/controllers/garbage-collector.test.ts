import { expect } from "chai";
import type { KubeObject, OwnerReference } from "../api-server/kube-object.ts";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { passTime, waitUntil } from "../wait-until.ts";

const NAMESPACE = "shop";

describe("the garbage collector", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 9 });
  });

  afterEach(() => cluster.stop());

  const get = (name: string) => cluster.store.get("configmaps", NAMESPACE, name);
  const deployment = () => cluster.store.get("deployments", NAMESPACE, "web");
  const sets = () => cluster.store.list("replicasets", NAMESPACE);
  const pods = () => cluster.store.list("pods", NAMESPACE);

  function create(
    name: string,
    owners: readonly OwnerReference[] = [],
    finalizers: readonly string[] = [],
  ): KubeObject {
    return cluster.store.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: NAMESPACE, ownerReferences: owners, finalizers },
    });
  }

  function owned(owner: KubeObject, blockOwnerDeletion?: boolean): OwnerReference {
    const { apiVersion, kind, metadata } = owner;
    const { name, uid } = metadata;
    return { apiVersion, kind, name, uid, ...(blockOwnerDeletion && { blockOwnerDeletion }) };
  }

  async function gone(...names: string[]): Promise<void> {
    await waitUntil(cluster, `${names.join()} gone`, () => names.every((name) => get(name) === undefined));
  }

  async function rollOut(): Promise<void> {
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "three pods", () => deployment()?.status.availableReplicas === 3);
  }

  it("deletes in the background what a deleted owner leaves behind, all the way down", async () => {
    await rollOut();
    cluster.store.delete("deployments", NAMESPACE, "web");
    expect(deployment()).to.equal(undefined);
    expect(sets()).to.have.length(1);
    await waitUntil(cluster, "all is gone", () => sets().length + pods().length === 0);
  });

  it("lets an owner that is deleted in the foreground go last", async () => {
    await rollOut();
    const order: string[] = [];
    for (const resource of ["deployments", "replicasets", "pods"]) {
      cluster.store.subscribe(resource, ({ type, object }) => {
        if (type === "DELETED") order.push(object.kind);
      });
    }
    cluster.store.delete("deployments", NAMESPACE, "web", { propagationPolicy: "Foreground" });
    expect(deployment()?.metadata.finalizers).to.deep.equal(["foregroundDeletion"]);
    await waitUntil(cluster, "all is gone", () => deployment() === undefined);
    expect(order).to.deep.equal(["Pod", "Pod", "Pod", "ReplicaSet", "Deployment"]);
  });

  it("waits in the foreground for dependents that block, and deletes the others, too", async () => {
    const owner = create("owner");
    create("blocks", [owned(owner, true)], ["example.com/hold"]);
    create("does-not", [owned(owner)], ["example.com/hold"]);
    cluster.store.delete("configmaps", NAMESPACE, "owner", { propagationPolicy: "Foreground" });
    await passTime(cluster, 5_000);
    expect(get("owner")).to.not.equal(undefined);
    expect(get("does-not")?.metadata.deletionTimestamp).to.not.equal(undefined);
    cluster.store.patch("configmaps", NAMESPACE, "blocks", { metadata: { finalizers: null } });
    await gone("owner", "blocks");
    expect(get("does-not")).to.not.equal(undefined);
  });

  it("spares the dependents of an owner that is deleted as an orphan's", async () => {
    await rollOut();
    cluster.store.delete("deployments", NAMESPACE, "web", { propagationPolicy: "Orphan" });
    expect(deployment()?.metadata.finalizers).to.deep.equal(["orphan"]);
    await waitUntil(cluster, "the Deployment is gone", () => deployment() === undefined);
    await passTime(cluster, 5_000);
    expect(sets()[0]?.metadata.ownerReferences).to.equal(undefined);
    expect(pods()).to.have.length(3);
  });

  it("deletes what is made for an owner that does not exist", async () => {
    const reference = { apiVersion: "v1", kind: "ConfigMap", name: "nobody", uid: "no-such-uid" };
    create("orphan", [reference]);
    await gone("orphan");
  });

  it("takes an owner of the same name and another uid for one that does not exist", async () => {
    const owner = create("owner");
    create("other", [{ ...owned(owner), uid: "another-uid" }]);
    create("right", [owned(owner)]);
    await gone("other");
    expect(get("right")).to.not.equal(undefined);
  });

  it("keeps what another owner still holds, without the reference to the lost one", async () => {
    const [first, second] = [create("first"), create("second")];
    create("shared", [owned(first), owned(second)]);
    cluster.store.delete("configmaps", NAMESPACE, "first");
    await waitUntil(cluster, "one owner", () => get("shared")?.metadata.ownerReferences?.length === 1);
    expect(get("shared")?.metadata.ownerReferences?.[0]?.name).to.equal("second");
    cluster.store.delete("configmaps", NAMESPACE, "second");
    await gone("shared");
  });

  it("looks for owners in the namespace of the dependent only", async () => {
    const owner = create("owner");
    cluster.store.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "away", namespace: "elsewhere", ownerReferences: [owned(owner)] },
    });
    await waitUntil(cluster, "it is gone", () => {
      return cluster.store.get("configmaps", "elsewhere", "away") === undefined;
    });
  });

  it("comes to an end when two objects own each other", async () => {
    const first = create("first");
    const second = create("second", [owned(first, true)]);
    create("first", [owned(second, true)]);
    await passTime(cluster, 1_000);
    expect(get("first")).to.not.equal(undefined);
    cluster.store.delete("configmaps", NAMESPACE, "first");
    await gone("first", "second");
  });
});
