import { expect } from "chai";
import type { Pod } from "../../api-server/kinds.ts";
import { exampleDeployment, exampleService } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";

const NAMESPACE = "shop";

describe("nodes", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 1_000, seed: 5, nodes: 2 });
    cluster.store.apply(exampleService());
    cluster.store.apply(exampleDeployment({ spec: { replicas: 4 } }));
    await waitUntil(cluster, "four endpoints", () => readyEndpoints() === 4);
  });

  afterEach(() => cluster.stop());

  const pods = () => cluster.store.list("pods", NAMESPACE);
  const podsOn = (name: string) => pods().filter(({ spec }) => spec.nodeName === name);
  const node = (name: string) => cluster.store.get("nodes", "", name);
  const events = (namespace: string, reason: string) =>
    cluster.store.list("events", namespace).filter((event) => event.reason === reason);
  const condition = ({ status }: Pod, type: string) => status.conditions?.find((each) => each.type === type);
  const readyEndpoints = () =>
    cluster.store
      .list("endpointslices", NAMESPACE)
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions.ready).length;
  const taints = (name: string) =>
    (node(name)?.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);

  it("that stop reporting are not ready any more, nor are their pods, whatever their containers do", async () => {
    const lost = podsOn("node1");
    cluster.setNodeReady("node1", false);
    await waitUntil(cluster, "two endpoints", () => readyEndpoints() === 2);
    expect(node("node1")?.status.conditions?.map(({ type, status }) => `${type}=${status}`)).to.deep.equal([
      "MemoryPressure=Unknown",
      "DiskPressure=Unknown",
      "PIDPressure=Unknown",
      "Ready=Unknown",
    ]);
    expect(taints("node1")).to.deep.equal([
      "node.kubernetes.io/unreachable:NoSchedule",
      "node.kubernetes.io/unreachable:NoExecute",
    ]);
    for (const pod of podsOn("node1")) {
      expect(condition(pod, "Ready")?.status).to.equal("False");
      expect(condition(pod, "ContainersReady")?.status).to.equal("True");
      expect(pod.status.containerStatuses?.[0]?.ready).to.equal(true);
    }
    expect(events(NAMESPACE, "NodeNotReady").map(({ message }) => message)).to.deep.equal(
      lost.map(() => "Node is not ready"),
    );
    expect(events("default", "NodeNotReady")[0]?.message).to.equal("Node node1 status is now: NodeNotReady");
  });

  it("that come back are as before, and nothing is deleted", async () => {
    cluster.setNodeReady("node1", false);
    await passTime(cluster, 100_000);
    cluster.setNodeReady("node1", true);
    await waitUntil(cluster, "four endpoints", () => readyEndpoints() === 4);
    await passTime(cluster, 400_000);
    expect(taints("node1")).to.deep.equal([]);
    expect(pods()).to.have.length(4);
    expect(pods().every((pod) => condition(pod, "DisruptionTarget") === undefined)).to.equal(true);
    expect(events(NAMESPACE, "TaintManagerEviction").map(({ message }) => message)).to.have.members(
      podsOn("node1").map(({ metadata }) => `Cancelling deletion of Pod ${NAMESPACE}/${metadata.name}`),
    );
  });

  it("that stay away lose their pods after five minutes, and others are made elsewhere", async () => {
    const lost = podsOn("node1").map(({ metadata }) => metadata.name);
    const begin = cluster.now();
    cluster.setNodeReady("node1", false);
    const isGivenUp = (pod: Pod) => pod.metadata.deletionTimestamp !== undefined;
    await waitUntil(cluster, "they are given up", () => podsOn("node1").every(isGivenUp), 400_000);
    expect(cluster.now() - begin).to.be.within(295_000, 310_000);
    for (const pod of podsOn("node1")) {
      expect(condition(pod, "DisruptionTarget")).to.include({
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      });
    }
    expect(podsOn("node1").map(({ metadata }) => metadata.name)).to.deep.equal(lost);
    await waitUntil(cluster, "four endpoints", () => readyEndpoints() === 4);
    expect(podsOn("node2")).to.have.length(4);
    cluster.setNodeReady("node1", true);
    await waitUntil(cluster, "the old ones end", () => podsOn("node1").length === 0);
  });

  it("that get a NoExecute taint lose pods that do not tolerate it, at once", async () => {
    const taint = { key: "maintenance", effect: "NoExecute" };
    cluster.store.patch("nodes", "", "node1", { spec: { taints: [taint] } });
    await waitUntil(cluster, "they are gone", () => podsOn("node1").length === 0);
    await waitUntil(cluster, "four endpoints", () => readyEndpoints() === 4);
    expect(podsOn("node2")).to.have.length(4);
  });

  it("let a pod be evicted from them, which is replaced", async () => {
    const [pod] = podsOn("node1");
    cluster.evictPod(NAMESPACE, pod?.metadata.name ?? "");
    const now = cluster.store.get("pods", NAMESPACE, pod?.metadata.name ?? "");
    expect(now && condition(now, "DisruptionTarget")?.reason).to.equal("EvictionByEvictionAPI");
    await waitUntil(cluster, "a replacement", () => readyEndpoints() === 4 && pods().length === 4);
  });

  it("can be as many as the addresses allow", async () => {
    await startSimulatedCluster({ nodes: 37 }).then(
      () => expect.fail("It started."),
      (error: unknown) => expect(String(error)).to.contain("1 to 36 nodes"),
    );
  });
});
