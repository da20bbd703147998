import { expect } from "chai";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { passTime, waitUntil } from "../wait-until.ts";
import { startKarpenter } from "./karpenter.ts";

const NAMESPACE = "shop";

describe("Karpenter", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    const nodeCapacity = { cpu: "2", memory: "8Gi", pods: "20" };
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 22, nodes: 1, nodeCapacity });
    startKarpenter(cluster, {
      name: "default",
      node: { capacity: { cpu: "16", memory: "64Gi", pods: "50" }, readyAfterMs: 20_000 },
      arrivesAfterMs: 60_000,
    });
  });

  afterEach(() => cluster.stop());

  const events = (component: string) =>
    cluster.store.list("events", NAMESPACE).filter((event) => event.reportingComponent === component);
  const deploy = (cpu: string) =>
    cluster.store.apply(exampleDeployment({ container: { resources: { requests: { cpu } } } }));

  it("nominates one node claim for pods that fit on it together, and they run once its node is ready", async () => {
    const begin = cluster.now();
    deploy("3");
    await waitUntil(cluster, "nominations", () => events("karpenter").length === 3);
    const [message] = new Set(events("karpenter").map((event) => event.message));
    expect(message).to.match(/^Pod should schedule on: nodeclaim\/default-[a-z0-9]{5}$/);
    expect(new Set(events("karpenter").map((event) => event.message)).size).to.equal(1);
    expect(events("karpenter")[0]).to.include({ type: "Normal", reason: "Nominated" });
    const running = () =>
      cluster.store.list("pods", NAMESPACE).filter(({ status }) => status.phase === "Running").length;
    await waitUntil(cluster, "all run", () => running() === 3);
    expect(cluster.now() - begin).to.be.at.least(80_000);
    expect(cluster.store.get("nodes", "", "node2")?.metadata.labels).to.include({
      "karpenter.sh/nodepool": "default",
    });
  });

  it("says that no instance would be large enough", async () => {
    deploy("32");
    await waitUntil(cluster, "refusals", () => events("karpenter").length === 3);
    await passTime(cluster, 60_000);
    expect(events("karpenter")).to.have.length(3);
    expect(events("karpenter")[0]).to.include({
      type: "Warning",
      reason: "FailedScheduling",
      message:
        'Failed to schedule pod, incompatible with nodepool "default", no instance type has enough resources',
    });
    expect(cluster.store.list("nodes")).to.have.length(1);
  });
});
