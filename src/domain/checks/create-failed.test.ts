import { expect } from "chai";
import { beingDeleted, createdAt } from "../testing/a-pod.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  completedAfter,
  losingService,
  refusedSince,
  wanting,
  withCurrent,
  withOldPods,
  withPods,
  withSpec,
  withWorkload,
} from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { createFailed } from "./create-failed.ts";

const denied = 'admission webhook "policy.example" denied the request: image tag latest is not allowed';
const quota = 'pods "checkout-596f7cbf4b-x" is forbidden: exceeded quota: compute';
const away = 'Internal error occurred: failed calling webhook "inject.example": connection refused';
const noAccount = 'error looking up service account shop/checkout: serviceaccount "checkout" not found';
const refused = refusedSince(later(seconds(5)), denied);

describe("createFailed", () => {
  it("finds nothing wrong when all pods are there", () => {
    expectHealthy(createFailed, aRollout());
  });

  it("gives a policy 30 s, hurt or not, although there is no pod to look at", () => {
    for (const facts of [[], [losingService]]) {
      expectPending(createFailed, aRollout(...facts, refused, withPods(0), at(seconds(34))), seconds(35));
      const scene = aRollout(...facts, refused, withPods(0), at(seconds(35)));
      const finding = expectFailing(createFailed, "CreateFailed", scene);
      expect(finding.message).to.equal(`3 of 3 pods cannot be created: ${denied}`);
    }
  });

  it("waits as long as the guard says, whatever the words", () => {
    const patient = withSpec({ checks: { createFailed: { patience: "5m" } } });
    for (const message of [denied, quota, away]) {
      const scene = aRollout(patient, refusedSince(later(seconds(5)), message), withPods(0));
      expectPending(createFailed, scene, seconds(305));
    }
  });

  it("gives a quota, and a webhook that does not answer, minutes, and until the deadline while nobody is hurt", () => {
    for (const message of [quota, away]) {
      const waiting = aRollout(refusedSince(later(seconds(5)), message), withPods(0));
      expectPending(createFailed, waiting, minutes(10));
      const hurting = aRollout(losingService, refusedSince(later(seconds(5)), message), withPods(0));
      expectPending(createFailed, hurting, seconds(185));
    }
  });

  it("gives a service account that an operator may still create two minutes while nobody is hurt", () => {
    const missing = [refusedSince(later(seconds(5)), noAccount), withPods(0)];
    expectPending(createFailed, aRollout(...missing), seconds(125));
    expectPending(createFailed, aRollout(losingService, ...missing, at(seconds(30))), seconds(35));
  });

  it("says how many are missing when some were admitted", () => {
    const finding = expectFailing(createFailed, "CreateFailed", aRollout(refused, withPods(1)));
    expect(finding.message).to.contain("2 of 3 pods cannot be created");
  });

  it("finds nothing wrong while fewer than half of the pods are refused", () => {
    expectHealthy(createFailed, aRollout(refused, withPods(2)));
    expectHealthy(createFailed, aRollout(refused, wanting(10), withPods(6)));
    expectFailing(createFailed, "CreateFailed", aRollout(refused, wanting(10), withPods(5)));
  });

  describe("while something moves", () => {
    const tenMinutes = [withSpec({ checks: { createFailed: { patience: "1m" } } }), at(minutes(9))];

    it("counts from the last pod that was admitted", () => {
      const made = withPods(1, createdAt(later(minutes(8.5))));
      expectPending(createFailed, aRollout(...tenMinutes, refused, made), minutes(9.5));
    });

    it("waits while an old pod is ending: it makes room", () => {
      const ending = withOldPods(1, beingDeleted);
      expectPending(createFailed, aRollout(...tenMinutes, refused, withPods(0), ending), minutes(10));
    });

    it("counts from the last progress that Kubernetes saw", () => {
      const progressing = {
        type: "Progressing",
        status: "True",
        reason: "ReplicaSetUpdated",
        message: "",
        transitionAt: later(0),
        updatedAt: later(minutes(8.8)),
      } as const;
      const moving = withWorkload({ conditions: [progressing] });
      expectPending(createFailed, aRollout(...tenMinutes, refused, withPods(0), moving), minutes(9.8));
    });
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
