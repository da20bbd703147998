import { expect } from "chai";
import { passTime } from "../../wait-until.ts";
import { NAMESPACE, type RolloutTest, startRolloutTest } from "../testing/rollout-test.ts";

const SIZES = ["deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas"];

describe("scaling a Deployment", () => {
  let test: RolloutTest;

  beforeEach(async () => {
    test = await startRolloutTest();
  });

  afterEach(() => test.cluster.stop());

  const sizesIn = (image: string) => SIZES.map((name) => test.setOf(image).metadata.annotations?.[name]);
  const strategy = (maxSurge: number | string, maxUnavailable: number | string) =>
    ({ type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } }) as const;

  it("shares the change among the ReplicaSets of a rollout that is under way, in proportion", async () => {
    await test.rollOut({ image: "web:1", spec: { replicas: 10, strategy: strategy(3, 2) } });
    test.apply({ image: "web:2", env: { HEALTH: "500" }, spec: { replicas: 10, strategy: strategy(3, 2) } });
    const sizes = () => [test.setOf("web:1").spec.replicas, test.setOf("web:2").spec.replicas];
    await test.until("the rollout is stuck", () => test.sets().length === 2 && sizes().join() === "8,5");
    expect(sizesIn("web:1")).to.deep.equal(["10", "13"]);
    test.patch({ replicas: 15 });
    await test.until("both have grown", () => sizes().join() === "11,7");
    expect(sizesIn("web:1")).to.deep.equal(["15", "18"]);
    expect(sizesIn("web:2")).to.deep.equal(["15", "18"]);
  });

  it("works while paused, without a rollout", async () => {
    await test.rollOut({ image: "web:1" });
    test.apply({ image: "web:2", spec: { replicas: 5, paused: true } });
    await test.until("five pods", () => test.deployment().status.availableReplicas === 5);
    expect(test.setOf("web:1").spec.replicas).to.equal(5);
    expect(test.sets()).to.have.length(1);
    expect(test.condition("Progressing")).to.include({
      status: "Unknown",
      reason: "DeploymentPaused",
      message: "Deployment is paused",
    });
  });

  it("says that it goes on when it is resumed", async () => {
    await test.rollOut({ image: "web:1" });
    const seen = new Set<string | undefined>();
    test.cluster.store.subscribe("deployments", () => {
      seen.add(test.condition("Progressing")?.message);
    });
    test.patch({ paused: true });
    await test.until("the pause", () => test.condition("Progressing")?.reason === "DeploymentPaused");
    test.patch({ paused: undefined });
    await test.until("the end", () => test.condition("Progressing")?.reason === "NewReplicaSetAvailable");
    expect([...seen]).to.include("Deployment is resumed");
  });

  it("to nothing and back leaves the revision as it is", async () => {
    await test.rollOut({ image: "web:1" });
    await test.rollOut({ image: "web:1", spec: { replicas: 0 } });
    expect(test.podsOf("web:1").every(({ metadata }) => metadata.deletionTimestamp !== undefined)).to.equal(
      true,
    );
    await test.rollOut({ image: "web:1", spec: { replicas: 2 } });
    expect(test.sets()).to.have.length(1);
    expect(test.deployment().metadata.annotations).to.include({ "deployment.kubernetes.io/revision": "1" });
  });

  it("turns an unfinished rollout over to the newest template: all older ReplicaSets go", async () => {
    await test.rollOut({ image: "web:1" });
    test.apply({ image: "web:2", env: { HEALTH: "500" } });
    await test.until("the second is under way", () => test.podsOf("web:2").length > 0);
    const available: number[] = [];
    test.cluster.store.subscribe("deployments", () => {
      available.push(test.deployment().status.availableReplicas ?? 0);
    });
    await test.rollOut({ image: "web:3" });
    expect(test.sets().map(({ spec }) => spec.replicas)).to.have.members([0, 0, 3]);
    expect(Math.min(...available)).to.equal(3);
  });

  it("resolves percentages: the surge up, the unavailability down", async () => {
    await test.rollOut({ image: "web:1", spec: { replicas: 5, strategy: strategy("30%", "30%") } });
    test.apply({
      image: "web:2",
      env: { HEALTH: "500" },
      spec: { replicas: 5, strategy: strategy("30%", "30%") },
    });
    await passTime(test.cluster, 30_000);
    expect(test.setOf("web:1").spec.replicas).to.equal(4);
    expect(test.setOf("web:2").spec.replicas).to.equal(3);
    expect(test.condition("Available")).to.include({ status: "True", reason: "MinimumReplicasAvailable" });
  });

  it("tells of every step in an Event", async () => {
    await test.rollOut({ image: "web:1", spec: { replicas: 1 } });
    await test.rollOut({ image: "web:2", spec: { replicas: 1 } });
    const [first, second] = ["web:1", "web:2"].map((image) => test.setOf(image).metadata.name);
    expect(test.events("ScalingReplicaSet")).to.have.members([
      `Scaled up replica set ${first} from 0 to 1`,
      `Scaled up replica set ${second} from 0 to 1`,
      `Scaled down replica set ${first} from 1 to 0`,
    ]);
  });

  it("adopts a ReplicaSet that its selector matches, and lets one go whose labels no longer match", async () => {
    await test.rollOut({ image: "web:1" });
    const { name, uid } = test.setOf("web:1").metadata;
    test.cluster.store.delete("deployments", NAMESPACE, "web", { propagationPolicy: "Orphan" });
    await test.until("nobody owns it", () => test.setOf("web:1").metadata.ownerReferences === undefined);
    await test.rollOut({ image: "web:1" });
    expect(test.setOf("web:1").metadata).to.include({ name, uid });
    expect(test.setOf("web:1").metadata.ownerReferences?.[0]).to.include({
      kind: "Deployment",
      uid: test.deployment().metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    });
    test.cluster.store.patch("replicasets", NAMESPACE, name, { metadata: { labels: { app: "other" } } });
    await test.until("it was let go", () => {
      const set = test.cluster.store.get("replicasets", NAMESPACE, name);
      return set?.metadata.ownerReferences === undefined;
    });
  });
});
