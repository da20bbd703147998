import { expect } from "chai";
import { exampleDeployment } from "./example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "./simulated-cluster.ts";
import { passTime, waitUntil } from "./wait-until.ts";

const NAMESPACE = "shop";
const CNI =
  'failed to setup network for sandbox "ID": plugin type="calico" failed (add): connect: no route to host';

describe("the nodes of a cluster", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    const nodeCapacity = { cpu: "4", memory: "8Gi", pods: "20" };
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 3, nodes: 1, nodeCapacity });
  });

  afterEach(() => cluster.stop());

  const pods = () => cluster.store.list("pods", NAMESPACE);
  const runningOn = (node: string) =>
    pods().filter(({ spec, status }) => spec.nodeName === node && status.phase === "Running").length;
  const sandboxFailures = () =>
    cluster.store.list("events", NAMESPACE).filter(({ reason }) => reason === "FailedCreatePodSandBox");
  const askingFor = (cpu: string) => ({ container: { resources: { requests: { cpu } } } });

  it("take pods as soon as one has joined, with its labels and capacity", async () => {
    cluster.store.apply(exampleDeployment({ ...askingFor("6"), pod: { nodeSelector: { pool: "large" } } }));
    await passTime(cluster, 20_000);
    expect(runningOn("node2")).to.equal(0);
    const name = cluster.addNode({
      capacity: { cpu: "20", memory: "64Gi", pods: "10" },
      labels: { pool: "large" },
    });
    expect(name).to.equal("node2");
    await waitUntil(cluster, "its pods run", () => runningOn("node2") === 3);
  });

  it("take no pods before their network works", async () => {
    cluster.store.apply(exampleDeployment(askingFor("3")));
    await waitUntil(cluster, "one pod runs", () => runningOn("node1") === 1);
    const begin = cluster.now();
    cluster.addNode({ readyAfterMs: 30_000 });
    const node = () => cluster.store.get("nodes", "", "node2");
    const ready = () => node()?.status.conditions?.find(({ type }) => type === "Ready");
    expect(ready()).to.include({ status: "False", reason: "KubeletNotReady" });
    await waitUntil(
      cluster,
      "a taint",
      () => node()?.spec.taints?.[0]?.key === "node.kubernetes.io/not-ready",
    );
    await waitUntil(cluster, "a pod runs on it", () => runningOn("node2") === 1);
    expect(cluster.now() - begin).to.be.at.least(30_000);
    expect(node()?.spec.taints).to.equal(undefined);
  });

  it("keep the taints that they joined with", async () => {
    cluster.addNode({ taints: [{ key: "team", value: "a", effect: "NoSchedule" }] });
    cluster.store.apply(exampleDeployment(askingFor("3")));
    await passTime(cluster, 30_000);
    expect(runningOn("node2")).to.equal(0);
  });

  it("leave pods without a sandbox while their runtime cannot make one, and tell of a new one each time", async () => {
    cluster.failSandboxes("node1", CNI);
    cluster.store.apply(exampleDeployment({ spec: { replicas: 1 } }));
    await waitUntil(cluster, "three tries", () => sandboxFailures().length === 3);
    for (const { message, type } of sandboxFailures()) {
      expect(type).to.equal("Warning");
      expect(message).to.match(
        /^Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": plugin/,
      );
    }
    const [pod] = pods();
    expect(pod?.status.phase).to.equal("Pending");
    expect(pod?.status.podIP).to.equal(undefined);
    expect(pod?.status.conditions?.find(({ type }) => type === "PodReadyToStartContainers")?.status).to.equal(
      "False",
    );
    cluster.failSandboxes("node1", undefined);
    await waitUntil(cluster, "it runs", () => runningOn("node1") === 1);
  });

  it("with a broken runtime do not touch the pods that run, nor those of other nodes", async () => {
    cluster.store.apply(exampleDeployment({ spec: { replicas: 2 } }));
    await waitUntil(cluster, "both run", () => runningOn("node1") === 2);
    cluster.failSandboxes("node1", CNI);
    cluster.addNode();
    cluster.store.patch("deployments", NAMESPACE, "web", { spec: { replicas: 4 } });
    await waitUntil(cluster, "two more run", () => runningOn("node2") === 2);
    await passTime(cluster, 60_000);
    expect(runningOn("node1")).to.equal(2);
  });
});
