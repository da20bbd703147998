import { expect } from "chai";
import { exampleDeployment, exampleService } from "./example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "./simulated-cluster.ts";
import { createTestClient } from "./testing/test-client.ts";
import { passTime, waitUntil } from "./wait-until.ts";

const NAMESPACE = "shop";

describe("a silent API server", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 27 });
  });

  afterEach(() => cluster.stop());

  const deployment = () => cluster.store.get("deployments", NAMESPACE, "web");
  const progressing = () => deployment()?.status.conditions?.find(({ type }) => type === "Progressing");

  it("takes no write from anybody, and what happened meanwhile shows afterwards", async () => {
    cluster.store.apply(exampleService());
    cluster.store.apply(exampleDeployment({ env: { START_DELAY: "20s" } }));
    const running = () =>
      cluster.store.list("pods", NAMESPACE).filter(({ status }) => status.phase === "Running").length;
    await waitUntil(cluster, "containers", () => running() === 3);
    cluster.silenceApiServer(120_000);
    const { revision } = cluster.store;
    await passTime(cluster, 110_000);
    expect(cluster.store.revision).to.equal(revision);
    await waitUntil(cluster, "complete", () => deployment()?.status.availableReplicas === 3, 15_000);
    const unhealthy = cluster.store.list("events", NAMESPACE).find(({ reason }) => reason === "Unhealthy");
    expect(unhealthy?.count).to.be.above(5);
  });

  it("lets a deadline pass that nobody could meet", async () => {
    cluster.store.apply(
      exampleDeployment({ env: { START_DELAY: "20s" }, spec: { progressDeadlineSeconds: 60 } }),
    );
    await passTime(cluster, 10_000);
    const seen: (string | undefined)[] = [];
    cluster.store.subscribe("deployments", () => seen.push(progressing()?.reason));
    cluster.silenceApiServer(90_000);
    // Which controller is the first one afterwards is chance; here it is the Deployment's.
    cluster.pauseController("replicaset-controller", 90_100);
    await waitUntil(cluster, "complete", () => progressing()?.reason === "NewReplicaSetAvailable");
    expect(seen).to.include("ProgressDeadlineExceeded");
  });

  it("keeps a client waiting and freezes its watches", async () => {
    const client = createTestClient(cluster.url);
    const watch = await client.watch("/api/v1/namespaces/default/secrets?watch=true");
    cluster.silenceApiServer(60_000);
    cluster.store.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a", namespace: "default" },
    });
    const answer = client.get("/api/v1/namespaces/default/secrets").then(
      () => "answered",
      () => "failed",
    );
    const first = await Promise.race([answer, passTime(cluster, 50_000).then(() => "nothing")]);
    expect([first, watch.lines.length]).to.deep.equal(["nothing", 0]);
    await waitUntil(cluster, "the backlog", () => watch.lines.length === 1);
  });
});
