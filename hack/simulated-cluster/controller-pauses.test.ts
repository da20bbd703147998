import { expect } from "chai";
import type { ControllerName } from "./controller-pauses.ts";
import { exampleDeployment, exampleService } from "./example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "./simulated-cluster.ts";
import { passTime, waitUntil } from "./wait-until.ts";

const NAMESPACE = "shop";

describe("a paused controller", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 9 });
  });

  afterEach(() => cluster.stop());

  const addresses = () =>
    cluster.store.list("endpointslices", NAMESPACE).flatMap(({ endpoints }) => endpoints ?? []);
  const readyPods = () =>
    cluster.store
      .list("pods", NAMESPACE)
      .filter(({ status }) =>
        status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
      );

  function deploy(): void {
    cluster.store.apply(exampleService());
    cluster.store.apply(exampleDeployment());
  }

  it("of endpoint slices leaves a Service without endpoints whose pods are ready, until it resumes", async () => {
    const resume = cluster.pauseController("endpointslice-controller");
    deploy();
    await waitUntil(cluster, "ready pods", () => readyPods().length === 3);
    await passTime(cluster, 300_000);
    expect(addresses()).to.deep.equal([]);
    resume();
    await waitUntil(cluster, "endpoints", () => addresses().length === 3, 1_000);
  });

  it("resumes after the time that was given", async () => {
    cluster.pauseController("endpointslice-controller", 60_000);
    deploy();
    const begin = cluster.now();
    await waitUntil(cluster, "endpoints", () => addresses().length === 3);
    expect(cluster.now() - begin).to.be.within(60_000, 61_000);
  });

  it("stays paused until the last of several pauses ends", async () => {
    const resumes = [1, 2].map(() => cluster.pauseController("replicaset-controller"));
    deploy();
    resumes[0]?.();
    resumes[0]?.();
    await passTime(cluster, 10_000);
    expect(cluster.store.list("pods", NAMESPACE)).to.deep.equal([]);
    resumes[1]?.();
    await waitUntil(cluster, "pods", () => cluster.store.list("pods", NAMESPACE).length === 3);
  });

  const shows: Readonly<Partial<Record<ControllerName, () => boolean>>> = {
    "deployment-controller": () => cluster.store.list("replicasets", NAMESPACE).length > 0,
    "replicaset-controller": () => cluster.store.list("pods", NAMESPACE).length > 0,
    "default-scheduler": () => cluster.store.list("pods", NAMESPACE).some(({ spec }) => spec.nodeName),
    "endpointslice-controller": () => addresses().length > 0,
    "endpoint-controller": () => cluster.store.get("endpoints", NAMESPACE, "web")?.subsets !== undefined,
  };
  for (const [name, isDone] of Object.entries(shows) as [ControllerName, () => boolean][]) {
    it(`does nothing: the ${name}`, async () => {
      const resume = cluster.pauseController(name);
      deploy();
      await passTime(cluster, 30_000);
      expect(isDone()).to.equal(false);
      resume();
      await waitUntil(cluster, "its work", isDone);
    });
  }
});
