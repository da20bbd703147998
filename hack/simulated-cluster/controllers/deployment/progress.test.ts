import { expect } from "chai";
import { passTime } from "../../wait-until.ts";
import { NAMESPACE, type RolloutTest, startRolloutTest } from "../testing/rollout-test.ts";

describe("the conditions of a Deployment", () => {
  let test: RolloutTest;

  beforeEach(async () => {
    test = await startRolloutTest();
  });

  afterEach(() => test.cluster.stop());

  /** Reasons of the Progressing condition as they come, one entry a change. */
  function watchProgress(): string[] {
    const seen: string[] = [];
    test.cluster.store.subscribe("deployments", () => {
      const { status, reason } = test.condition("Progressing") ?? {};
      const text = `${status} ${reason}`;
      if (seen.at(-1) !== text) seen.push(text);
    });
    return seen;
  }

  it("tell of a new template that is rolled out", async () => {
    await test.rollOut({ image: "web:1" });
    const progress = watchProgress();
    await test.rollOut({ image: "web:2" });
    expect(progress).to.deep.equal([
      "True NewReplicaSetAvailable",
      "True NewReplicaSetCreated",
      "True ReplicaSetUpdated",
      "True NewReplicaSetAvailable",
    ]);
  });

  it("tell of a deadline that passed, and that the rollout went on after all", async () => {
    const spec = { progressDeadlineSeconds: 20, replicas: 1 };
    await test.rollOut({ image: "web:1", spec });
    test.apply({ image: "web:2", env: { START_DELAY: "30" }, spec });
    const progress = watchProgress();
    await test.rollOut({ image: "web:2", env: { START_DELAY: "30" }, spec });
    expect(progress).to.include.members(["False ProgressDeadlineExceeded", "True NewReplicaSetAvailable"]);
  });

  it("take over why pods cannot be made, with the time of the ReplicaSet's condition", async () => {
    test.cluster.setPodQuota(NAMESPACE, { name: "team", pods: 0 });
    test.apply({ image: "web:1" });
    await test.until("the failure", () => test.condition("ReplicaFailure") !== undefined);
    const [failure] = test.setOf("web:1").status.conditions ?? [];
    expect(test.condition("ReplicaFailure")).to.deep.equal({
      type: "ReplicaFailure",
      status: "True",
      lastUpdateTime: failure?.lastTransitionTime,
      lastTransitionTime: failure?.lastTransitionTime,
      reason: "FailedCreate",
      message: failure?.message,
    });
  });

  it("say nothing of progress without a deadline", async () => {
    await test.rollOut({ image: "web:1" });
    test.patch({ progressDeadlineSeconds: 2_147_483_647 });
    await test.until("the condition goes", () => test.condition("Progressing") === undefined);
  });

  it("say when there are too few pods", async () => {
    test.apply({ image: "web:1", env: { HEALTH: "500" } });
    await test.until("a status", () => test.condition("Available") !== undefined);
    await passTime(test.cluster, 5_000);
    expect(test.condition("Available")).to.include({
      status: "False",
      reason: "MinimumReplicasUnavailable",
      message: "Deployment does not have minimum availability.",
    });
  });

  it("are about the generation that the controller has seen", async () => {
    await test.rollOut({ image: "web:1" });
    test.apply({ image: "web:2" });
    const { metadata, status } = test.deployment();
    expect(status.observedGeneration).to.equal((metadata.generation ?? 0) - 1);
    await test.until("it is seen", () => test.deployment().status.observedGeneration === metadata.generation);
  });
});
