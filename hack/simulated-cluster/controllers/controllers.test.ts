import { expect } from "chai";
import { exampleDeployment, exampleService } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { waitUntil } from "../wait-until.ts";

const NAMESPACE = "shop";

describe("the controllers", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 200, seed: 5 });
  });

  afterEach(() => cluster.stop());

  const events = (reason: string) =>
    cluster.store.list("events", NAMESPACE).filter((event) => event.reason === reason);
  const deployment = () => cluster.store.get("deployments", NAMESPACE, "web");
  const slices = () => cluster.store.list("endpointslices", NAMESPACE);
  const readyEndpoints = () =>
    slices()
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions.ready).length;
  const addresses = () =>
    cluster.store.get("endpoints", NAMESPACE, "web")?.subsets?.flatMap((subset) => subset.addresses ?? []);

  async function available(count: number): Promise<void> {
    await waitUntil(cluster, `${count} replicas are available`, () => {
      return (deployment()?.status.availableReplicas ?? 0) === count;
    });
  }

  it("list a Service's ready pods in its EndpointSlice and its Endpoints", async () => {
    cluster.store.apply(exampleService());
    cluster.store.apply(exampleDeployment());
    await available(3);
    await waitUntil(cluster, "three endpoints", () => readyEndpoints() === 3 && addresses()?.length === 3);
    expect(slices()[0]?.ports).to.deep.equal([{ name: "http", protocol: "TCP", port: 8080 }]);
    expect(slices()[0]?.metadata.labels).to.include({ "kubernetes.io/service-name": "web" });
  });

  it("leave one empty slice for a Service that selects nothing", async () => {
    cluster.store.apply(exampleService({ selector: { app: "nobody" } }));
    await waitUntil(cluster, "a slice", () => slices().length === 1);
    expect(slices()[0]).to.include({ endpoints: null, ports: null });
  });

  it("find a named port on the pods, and list none where it is not declared", async () => {
    cluster.store.apply(exampleService({ targetPort: "http" }));
    cluster.store.apply(exampleDeployment());
    await available(3);
    expect(slices()[0]?.ports?.[0]?.port).to.equal(8080);
    cluster.store.apply(exampleService({ targetPort: "grpc" }));
    await waitUntil(cluster, "the port is gone", () => slices().every(({ ports }) => ports?.length === 0));
    expect(readyEndpoints()).to.equal(3);
    expect(addresses() ?? []).to.deep.equal([]);
  });

  it("spread many endpoints over slices of a hundred", async () => {
    cluster.store.apply(exampleService());
    cluster.store.apply(exampleDeployment({ spec: { replicas: 130 } }));
    await available(130);
    await waitUntil(cluster, "all endpoints", () => readyEndpoints() === 130);
    expect(slices().map(({ endpoints }) => endpoints?.length)).to.have.members([100, 30]);
  });

  it("say why pods cannot be created when a quota refuses them, and create them when it is lifted", async () => {
    cluster.setPodQuota(NAMESPACE, { name: "team", pods: 1 });
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "the refusal", () => events("FailedCreate").length > 0);
    const message =
      /^Error creating: pods "web-[a-z0-9-]+" is forbidden: exceeded quota: team, requested: pods=1, used: pods=1, limited: pods=1$/;
    expect(events("FailedCreate")[0]?.message).to.match(message);
    await waitUntil(cluster, "the condition", () => {
      return (
        deployment()?.status.conditions?.some(
          ({ type, reason }) => type === "ReplicaFailure" && reason === "FailedCreate",
        ) === true
      );
    });
    cluster.setPodQuota(NAMESPACE, undefined);
    await available(3);
    expect(deployment()?.status.conditions?.some(({ type }) => type === "ReplicaFailure")).to.equal(false);
  });

  it("forget Events after an hour", async () => {
    await cluster.stop();
    cluster = await startSimulatedCluster({ timeScale: 5_000 });
    cluster.store.apply(exampleDeployment({ container: { readinessProbe: undefined } }));
    await waitUntil(cluster, "Events", () => events("Scheduled").length === 3);
    const begin = cluster.now();
    await waitUntil(cluster, "no Events", () => events("Scheduled").length === 0, 4_000_000);
    expect(cluster.now() - begin).to.be.at.least(3_500_000);
  });
});
