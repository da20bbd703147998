import { expect } from "chai";
import { createdAt, disrupted, type PodTrait, unschedulable } from "../testing/a-pod.ts";
import { GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { scheduling } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  changing,
  completedAfter,
  losingService,
  wanting,
  warned,
  withPods,
  withSpec,
  withWorkload,
} from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aFirstRollout, aRollout, at, ledger } from "../testing/scene.ts";
import { unschedulable as check } from "./unschedulable.ts";

const asksForMore = changing(scheduling("asks for a lot"));
const goesElsewhere = changing(scheduling("goes elsewhere"), (template) => ({
  ...template,
  otherFields: { nodeSelector: 1 },
}));
const tooLittleMemory = unschedulable(later(seconds(1)));
const noSuchNode = because("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.");

/** No node takes it, and the scheduler says this. */
function because(message: string): PodTrait {
  return (pod) => {
    const homeless = tooLittleMemory(pod);
    return { ...homeless, scheduled: { ...homeless.scheduled, message } };
  };
}

describe("unschedulable", () => {
  it("finds nothing wrong with pods that have a node", () => {
    expectHealthy(check, aRollout());
  });

  it("waits a minute, hurt or not, when the rollout changed where its pods may run", () => {
    for (const facts of [[], [losingService]]) {
      const scene = [...facts, goesElsewhere, withPods(3, noSuchNode)];
      expectPending(check, aRollout(...scene), seconds(61));
      const finding = expectFailing(check, "Unschedulable", aRollout(...scene, at(seconds(61))));
      expect(finding.message).to.equal(
        "3 of 3 pods cannot be scheduled: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      );
    }
  });

  it("waits minutes when it did not, and until the deadline while nobody is hurt: the cluster has changed", () => {
    expectPending(check, aRollout(losingService, withPods(3, noSuchNode)), seconds(181));
    expectPending(check, aRollout(withPods(3, noSuchNode), at(minutes(9))), minutes(10));
    expectFailing(check, "Unschedulable", aRollout(withPods(3, noSuchNode), at(minutes(10))));
  });

  it("waits as long when the rollout changed only what its pods request", () => {
    for (const message of [
      "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.",
      "0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}.",
      "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.",
    ]) {
      const waiting = [asksForMore, withPods(3, because(message))];
      expectPending(check, aRollout(...waiting, at(minutes(9))), minutes(10));
      expectPending(check, aRollout(losingService, ...waiting), seconds(181));
    }
  });

  it("waits as long for what a new node ends, whatever the rollout changed", () => {
    const words = [
      "0/3 nodes are available: 3 Insufficient memory.",
      "0/3 nodes are available: 3 Too many pods.",
      "0/3 nodes are available: 3 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.",
      "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
    ];
    for (const message of words) {
      const waiting = [asksForMore, withPods(3, because(message))];
      expectPending(check, aRollout(losingService, ...waiting), seconds(181));
      expectPending(check, aRollout(...waiting, at(minutes(9))), minutes(10));
    }
  });

  it("waits as long when an autoscaler says that a node is coming", () => {
    const waiting = [goesElsewhere, withPods(3, noSuchNode), at(minutes(2))];
    for (const reason of ["TriggeredScaleUp", "Nominated"]) {
      const coming = warned(reason, "pod triggered scale-up: [{pool-a 3->4 (max: 10)}]");
      expectPending(check, aRollout(...waiting, coming), minutes(10));
    }
    expectFailing(check, "Unschedulable", aRollout(...waiting));
  });

  it("waits no longer than an hour, however long the Deployment's own deadline is", () => {
    const day = withWorkload({ progressDeadlineSeconds: 86_400 });
    expectPending(check, aRollout(day, withPods(3, tooLittleMemory)), minutes(60) + seconds(1));
  });

  it("gives a claim that does not exist two minutes while nobody is hurt", () => {
    const missing = withPods(3, because('persistentvolumeclaim "data" not found'));
    expectPending(check, aRollout(missing), seconds(121));
    expectPending(check, aRollout(losingService, missing), seconds(61));
  });

  it("waits as long as the guard says", () => {
    const patient = withSpec({ checks: { unschedulable: { patience: "20m" } } });
    for (const trait of [noSuchNode, tooLittleMemory]) {
      expectPending(check, aRollout(patient, asksForMore, withPods(3, trait)), seconds(1_201));
    }
  });

  it("waits minutes for a first deployment: there is nothing to compare with", () => {
    expectPending(check, aFirstRollout(withPods(3, noSuchNode)), seconds(181));
  });

  it("finds nothing wrong while fewer than half of the pods have no node", () => {
    const one = [withPods(2), andPods(1, noSuchNode)];
    expectHealthy(check, aRollout(asksForMore, ...one, at(minutes(20))));
  });

  it("does not count pods that wait for a scheduling gate", () => {
    const gated: PodTrait = (pod) => ({ ...pod, scheduled: { ...pod.scheduled, reason: "SchedulingGated" } });
    expectHealthy(check, aRollout(withPods(3, noSuchNode, gated), at(minutes(20))));
  });

  it("does not count disrupted pods", () => {
    expectHealthy(check, aRollout(asksForMore, withPods(3, noSuchNode, disrupted), at(minutes(20))));
  });

  describe("once the rollout is complete", () => {
    const complete = completedAfter(seconds(6));

    it("does not count pods that scaling asks for: they are an autoscaler's wish", () => {
      const scaled = andPods(9, createdAt(later(seconds(40))), noSuchNode);
      expectHealthy(check, aRollout(withPods(3), scaled, complete, at(minutes(20))));
      expectHealthy(check, aRollout(withPods(3, noSuchNode), complete, at(minutes(20))));
    });

    it("gives those five minutes that this release made harder to place, and is not proven with", () => {
      const withThree = ledger(
        remembered(NEW, "Completed", later(seconds(6)), { replicas: 3 }),
        remembered(GOOD, "Good"),
      );
      const grown = [withThree, wanting(6), withPods(3), andPods(3, tooLittleMemory), at(minutes(4))];
      expectPending(check, aRollout(asksForMore, ...grown), seconds(301));
      expectHealthy(check, aRollout(...grown));
    });
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { unschedulable: { enabled: false } } });
    expectHealthy(check, aRollout(off, asksForMore, withPods(3, noSuchNode), at(minutes(20))));
  });
});
