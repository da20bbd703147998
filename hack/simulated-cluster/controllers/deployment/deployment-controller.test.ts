import { expect } from "chai";
import type { Deployment } from "../../api-server/kinds.ts";
import { type DeploymentOptions, exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";

const NAMESPACE = "shop";

describe("the Deployment controller", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 200, seed: 3 });
  });

  afterEach(() => cluster.stop());

  const get = (): Deployment => {
    const deployment = cluster.store.get("deployments", NAMESPACE, "web");
    if (deployment === undefined) throw new Error("The Deployment is gone.");
    return deployment;
  };
  const condition = (type: string) => get().status.conditions?.find((each) => each.type === type);
  const sets = () => cluster.store.list("replicasets", NAMESPACE);
  const podsOf = (image: string) =>
    cluster.store.list("pods", NAMESPACE).filter(({ spec }) => spec.containers[0]?.image === image);

  async function rollOut(options: DeploymentOptions): Promise<void> {
    cluster.store.apply(exampleDeployment(options));
    await waitUntil(cluster, "the rollout is complete", () => {
      const { status, metadata, spec } = get();
      return (
        status.observedGeneration === metadata.generation &&
        status.updatedReplicas === spec.replicas &&
        status.replicas === spec.replicas &&
        condition("Progressing")?.reason === "NewReplicaSetAvailable"
      );
    });
  }

  it("names ReplicaSets after the template: the same one serves the same template again", async () => {
    await rollOut({ image: "web:1" });
    const [first] = sets();
    await rollOut({ image: "web:2" });
    await rollOut({ image: "web:1" });
    expect(sets()).to.have.length(2);
    const again = sets().find(({ metadata }) => metadata.uid === first?.metadata.uid);
    expect(again?.metadata.annotations).to.include({
      "deployment.kubernetes.io/revision": "3",
      "deployment.kubernetes.io/revision-history": "1",
    });
    expect(get().metadata.annotations).to.include({ "deployment.kubernetes.io/revision": "3" });
  });

  it("never has more or fewer pods than the strategy allows", async () => {
    const strategy = {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: "50%", maxUnavailable: 0 },
    } as const;
    await rollOut({ image: "web:1", spec: { replicas: 4, strategy } });
    const available: number[] = [];
    const wanted: number[] = [];
    cluster.store.subscribe("replicasets", () => {
      wanted.push(sets().reduce((sum, { spec }) => sum + spec.replicas, 0));
      available.push(get().status.availableReplicas ?? 0);
    });
    await rollOut({ image: "web:2", spec: { replicas: 4, strategy } });
    expect(Math.min(...available)).to.be.at.least(4);
    expect(Math.max(...wanted)).to.equal(6);
  });

  it("starts nothing new before everything old is gone with Recreate", async () => {
    const spec = { strategy: { type: "Recreate" } } as const;
    await rollOut({ image: "web:1", spec });
    let overlaps = 0;
    cluster.store.subscribe("pods", ({ type }) => {
      const old = podsOf("web:1").filter(({ status }) => status.phase === "Running");
      if (type === "ADDED" && old.length > 0) overlaps += 1;
    });
    await rollOut({ image: "web:2", spec });
    expect(overlaps).to.equal(0);
    expect(podsOf("web:2").filter(({ metadata }) => metadata.deletionTimestamp === undefined)).to.have.length(
      3,
    );
  });

  it("does nothing while paused but says so, and goes on when resumed", async () => {
    await rollOut({ image: "web:1" });
    cluster.store.patch("deployments", NAMESPACE, "web", { spec: { paused: true } });
    cluster.store.apply(exampleDeployment({ image: "web:2", spec: { paused: true } }));
    await passTime(cluster, 5_000);
    expect(sets()).to.have.length(1);
    expect(condition("Progressing")).to.include({ status: "Unknown", reason: "DeploymentPaused" });
    await rollOut({ image: "web:2" });
    expect(podsOf("web:2").length).to.be.at.least(3);
  });

  it("reports a rollout that does not move before its deadline", async () => {
    await rollOut({ image: "web:1" });
    cluster.store.apply(
      exampleDeployment({ image: "web:2", env: { HEALTH: "500" }, spec: { progressDeadlineSeconds: 30 } }),
    );
    await waitUntil(cluster, "the deadline", () => condition("Progressing")?.status === "False");
    const failed = sets().find(({ spec }) => spec.template.spec.containers[0]?.image === "web:2");
    expect(condition("Progressing")).to.include({
      reason: "ProgressDeadlineExceeded",
      message: `ReplicaSet "${failed?.metadata.name}" has timed out progressing.`,
    });
  });

  it("counts a pod as available only after minReadySeconds", async () => {
    cluster.store.apply(exampleDeployment({ spec: { minReadySeconds: 20 } }));
    await waitUntil(cluster, "three pods are ready", () => get().status.readyReplicas === 3);
    const readyAt = cluster.now();
    expect(get().status.availableReplicas).to.equal(undefined);
    await waitUntil(cluster, "three pods are available", () => get().status.availableReplicas === 3);
    expect(cluster.now() - readyAt).to.be.within(17_000, 30_000);
  });

  it("keeps as many old revisions as the history limit says", async () => {
    for (const version of [1, 2, 3, 4])
      await rollOut({ image: `web:${version}`, spec: { revisionHistoryLimit: 1 } });
    await waitUntil(cluster, "old ReplicaSets are gone", () => sets().length === 2);
    expect(sets().map(({ spec }) => spec.template.spec.containers[0]?.image)).to.have.members([
      "web:3",
      "web:4",
    ]);
  });

  it("scales without a new revision", async () => {
    await rollOut({ image: "web:1" });
    await rollOut({ image: "web:1", spec: { replicas: 5 } });
    expect(sets().map(({ spec }) => spec.replicas)).to.deep.equal([5]);
    expect(get().metadata.annotations).to.include({ "deployment.kubernetes.io/revision": "1" });
  });

  it("copies its annotations to the current ReplicaSet, but not those that are its own", async () => {
    await rollOut({ image: "web:1" });
    const annotations = {
      "kubernetes.io/change-cause": "v1",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
    };
    cluster.store.patch("deployments", NAMESPACE, "web", { metadata: { annotations } });
    await waitUntil(
      cluster,
      "the copy",
      () => sets()[0]?.metadata.annotations?.["kubernetes.io/change-cause"] === "v1",
    );
    expect(sets()[0]?.metadata.annotations).to.not.have.property(
      "kubectl.kubernetes.io/last-applied-configuration",
    );
  });
});
