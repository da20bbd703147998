import { expect } from "chai";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import { completedAfter, refusedSince, withCurrent, withPods, withSpec } from "../testing/facts.ts";
import { later, seconds } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { createFailed } from "./create-failed.ts";

const quota = 'pods "checkout-596f7cbf4b-x" is forbidden: exceeded quota: compute';
const refused = refusedSince(later(seconds(5)), quota);

describe("createFailed", () => {
  it("finds nothing wrong when all pods are there", () => {
    expectHealthy(createFailed, aRollout());
  });

  it("gives a quota the guard's patience, 30 s by default, although there is no pod to look at", () => {
    expectPending(createFailed, aRollout(refused, withPods(0), at(seconds(34))), seconds(35));
    const finding = expectFailing(
      createFailed,
      "CreateFailed",
      aRollout(refused, withPods(0), at(seconds(35))),
    );
    expect(finding.message).to.equal(`3 of 3 pods are refused: ${quota}`);
    const patient = withSpec({ checks: { createFailed: { patience: "5m" } } });
    expectPending(createFailed, aRollout(patient, refused, withPods(0)), seconds(305));
  });

  it("says how many are missing when some were admitted", () => {
    const finding = expectFailing(createFailed, "CreateFailed", aRollout(refused, withPods(1)));
    expect(finding.message).to.contain("2 of 3 pods are refused");
  });

  it("does not count a refusal that all pods have outlived", () => {
    expectHealthy(createFailed, aRollout(refused, withPods(3)));
  });

  it("does not count pods that could not be deleted", () => {
    const at = later(seconds(5));
    const condition = { type: "ReplicaFailure", status: "True", reason: "FailedDelete" } as const;
    const stuck = withCurrent({
      conditions: [{ ...condition, message: "", transitionAt: at, updatedAt: at }],
    });
    expectHealthy(createFailed, aRollout(stuck, withPods(1)));
  });

  it("does not count pods that scaling asks for after the rollout has completed", () => {
    expectHealthy(createFailed, aRollout(refused, withPods(1), completedAfter(seconds(4))));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { createFailed: { enabled: false } } });
    expectHealthy(createFailed, aRollout(off, refused, withPods(0)));
  });
});
