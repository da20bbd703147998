import { expect } from "chai";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { passTime, waitUntil } from "../wait-until.ts";
import { type NodeGroup, startClusterAutoscaler } from "./cluster-autoscaler.ts";

const NAMESPACE = "shop";
const SMALL = { cpu: "4", memory: "8Gi", pods: "20" };
const POOL: NodeGroup = {
  name: "pool-a",
  size: 1,
  maxSize: 3,
  node: { capacity: { cpu: "8", memory: "32Gi", pods: "20" } },
  arrivesAfterMs: 90_000,
};

describe("the cluster autoscaler", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 21, nodes: 1, nodeCapacity: SMALL });
  });

  afterEach(() => cluster.stop());

  const events = (reason: string) =>
    cluster.store.list("events", NAMESPACE).filter((event) => event.reason === reason);
  const running = () =>
    cluster.store.list("pods", NAMESPACE).filter(({ status }) => status.phase === "Running").length;
  const nodes = () => cluster.store.list("nodes").length;
  const deploy = (cpu: string, replicas: number) =>
    cluster.store.apply(
      exampleDeployment({ container: { resources: { requests: { cpu } } }, spec: { replicas } }),
    );

  it("says on each pod which group grows for it, and the pods run when the nodes have come", async () => {
    startClusterAutoscaler(cluster, { groups: [POOL] });
    const begin = cluster.now();
    deploy("3", 5);
    await waitUntil(cluster, "it grows", () => events("TriggeredScaleUp").length === 4);
    expect(new Set(events("TriggeredScaleUp").map(({ message }) => message))).to.deep.equal(
      new Set(["pod triggered scale-up: [{pool-a 1->3 (max: 3)}]"]),
    );
    expect(events("TriggeredScaleUp")[0]).to.include({
      type: "Normal",
      reportingComponent: "cluster-autoscaler",
    });
    await waitUntil(cluster, "all run", () => running() === 5);
    expect(cluster.now() - begin).to.be.at.least(90_000);
    expect(nodes()).to.equal(3);
    // Nobody waits any more, so nothing more is added.
    await passTime(cluster, 300_000);
    expect([nodes(), events("NotTriggerScaleUp").length]).to.deep.equal([3, 0]);
  });

  it("says why no group grows, again and again", async () => {
    const full = { ...POOL, name: "pool-b", size: 3 };
    startClusterAutoscaler(cluster, { groups: [POOL, full] });
    deploy("10", 1);
    await waitUntil(cluster, "two refusals", () => events("NotTriggerScaleUp")[0]?.count === 2);
    expect(events("NotTriggerScaleUp")[0]?.message).to.equal(
      "pod didn't trigger scale-up: 1 Insufficient cpu, 1 max node group size reached",
    );
  });

  it("lets a group rest that the cloud has no more of, and grows another", async () => {
    const soldOut = { ...POOL, name: "spot", failsAfterMs: 60_000 };
    startClusterAutoscaler(cluster, { groups: [soldOut, POOL] });
    deploy("3", 2);
    await waitUntil(cluster, "the second group grows", () =>
      events("TriggeredScaleUp").some(({ message }) => message.includes("pool-a 1->2")),
    );
    expect(events("TriggeredScaleUp").some(({ message }) => message.includes("spot 1->2"))).to.equal(true);
    await waitUntil(cluster, "both run", () => running() === 2);
  });

  it("does nothing any more once it is stopped", async () => {
    startClusterAutoscaler(cluster, { groups: [POOL] })();
    deploy("3", 2);
    await passTime(cluster, 200_000);
    expect([nodes(), events("TriggeredScaleUp").length]).to.deep.equal([1, 0]);
  });
});
