import { expect } from "chai";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { waitUntil } from "../wait-until.ts";
import { createPodAutoscaler } from "./pod-autoscaler.ts";

const NAMESPACE = "shop";

describe("a HorizontalPodAutoscaler", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 24 });
    cluster.store.apply(exampleDeployment());
  });

  afterEach(() => cluster.stop());

  const events = () =>
    cluster.store.list("events", NAMESPACE).filter(({ reason }) => reason === "SuccessfulRescale");
  const replicas = () => cluster.store.get("deployments", NAMESPACE, "web")?.spec.replicas;
  const autoscaler = () =>
    createPodAutoscaler(cluster, { namespace: NAMESPACE, name: "web", minReplicas: 2, maxReplicas: 6 });

  it("scales the Deployment within its limits and says so about itself", async () => {
    const hpa = autoscaler();
    hpa.rescale(10);
    await waitUntil(cluster, "pods", () => cluster.store.list("pods", NAMESPACE).length === 6);
    hpa.rescale(0);
    expect(replicas()).to.equal(2);
    expect(events().map(({ message }) => message)).to.deep.equal([
      "New size: 6; reason: cpu resource utilization (percentage of request) above target",
      "New size: 2; reason: All metrics below target",
    ]);
    expect(events()[0]?.involvedObject).to.include({ kind: "HorizontalPodAutoscaler", name: "web" });
    expect(events()[0]).to.include({ reportingComponent: "horizontal-pod-autoscaler" });
  });

  it("says nothing when the size is right, and leaves the template alone", () => {
    const template = cluster.store.get("deployments", NAMESPACE, "web")?.spec.template;
    const hpa = autoscaler();
    hpa.rescale(3);
    expect(events()).to.deep.equal([]);
    hpa.rescale(4, "memory resource utilization (percentage of request) above target");
    expect(cluster.store.get("deployments", NAMESPACE, "web")?.spec.template).to.deep.equal(template);
  });
});
