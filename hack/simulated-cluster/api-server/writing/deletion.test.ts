import { expect } from "chai";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { createTestClient } from "../../testing/test-client.ts";

const CONFIG_MAPS = "/api/v1/namespaces/shop/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";
const PODS = "/api/v1/namespaces/shop/pods";

describe("deletion", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
    client = createTestClient(cluster.url);
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  afterEach(() => cluster.stop());

  const finalizers = () => cluster.store.get("deployments", "shop", "web")?.metadata.finalizers;

  it("waits for the collector in the foreground and for orphans; the latest way that is named counts", async () => {
    await client.post(DEPLOYMENTS, exampleDeployment());
    const deleting = (propagationPolicy: string) =>
      client.delete(`${DEPLOYMENTS}/web`, { propagationPolicy });
    expect((await deleting("Foreground")).body).to.have.nested.property("metadata.deletionTimestamp");
    expect(finalizers()).to.deep.equal(["foregroundDeletion"]);
    await deleting("Orphan");
    expect(finalizers()).to.deep.equal(["orphan"]);
    expect(cluster.store.get("deployments", "shop", "web")?.metadata.generation).to.equal(2);
    await deleting("Background");
    expect(finalizers()).to.equal(undefined);
  });

  it("of a pod that no kubelet has is told before the pod is gone, in the same moment", async () => {
    const reported: string[] = [];
    cluster.store.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: "shop", name: "waiting" },
      spec: { containers: [{ name: "app", image: "web:1" }] },
    });
    cluster.store.subscribe("pods", ({ type, object: { metadata } }) => {
      reported.push(`${type} ${metadata.deletionTimestamp === undefined ? "" : "deleting"}`);
    });
    await client.delete(`${PODS}/waiting`);
    expect(reported).to.deep.equal(["MODIFIED deleting", "DELETED deleting"]);
  });

  it("refuses a way that there is not", async () => {
    await client.post(CONFIG_MAPS, { metadata: { name: "a" } });
    const { code, body } = await client.delete(`${CONFIG_MAPS}/a`, { propagationPolicy: "Sometime" });
    expect(code).to.equal(422);
    expect(body["message"]).to.contain(
      'propagationPolicy: Unsupported value: "Sometime": supported values: "Background", "Foreground", "Orphan"',
    );
  });

  it("of a collection takes what the selectors mean, and answers with what it deleted", async () => {
    for (const name of ["a", "b"]) await client.post(CONFIG_MAPS, { metadata: { name, labels: { name } } });
    const { body } = await client.delete(`${CONFIG_MAPS}?labelSelector=name%3Da`);
    expect(body).to.have.property("kind", "ConfigMapList");
    expect(body).to.have.nested.property("items[0].metadata.name", "a");
    expect(cluster.store.list("configmaps", "shop").map(({ metadata }) => metadata.name)).to.deep.equal([
      "b",
    ]);
  });

  it("does nothing in a dry run, whether the query or the body says so", async () => {
    await client.post(CONFIG_MAPS, { metadata: { name: "a" } });
    expect((await client.delete(`${CONFIG_MAPS}/a?dryRun=All`)).code).to.equal(200);
    expect((await client.delete(`${CONFIG_MAPS}/a`, { dryRun: ["All"] })).code).to.equal(200);
    expect(cluster.store.get("configmaps", "shop", "a")).to.not.equal(undefined);
  });

  it("by eviction obeys the options inside it", async () => {
    const spec = { containers: [{ name: "app", image: "app:1" }] };
    const { body } = await client.post(PODS, { metadata: { name: "p" }, spec });
    const { uid } = body["metadata"] as { uid: string };
    const evict = (deleteOptions: object) =>
      client.post(`${PODS}/p/eviction`, { kind: "Eviction", metadata: { name: "p" }, deleteOptions });
    expect((await evict({ preconditions: { uid: "another" } })).code).to.equal(409);
    expect((await evict({ dryRun: ["All"] })).code).to.equal(201);
    expect(cluster.store.get("pods", "shop", "p")).to.not.equal(undefined);
    expect((await evict({ preconditions: { uid } })).code).to.equal(201);
    expect(cluster.store.get("pods", "shop", "p")).to.equal(undefined);
    expect((await evict({})).code).to.equal(404);
  });
});
