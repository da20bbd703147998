import { expect } from "chai";
import { createdAt, disrupted, unschedulable as homeless, type PodTrait } from "../testing/a-pod.ts";
import { scheduling } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import { andPods, changing, completedAfter, withPods, withSpec } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aFirstRollout, aRollout, at } from "../testing/scene.ts";
import { unschedulable } from "./unschedulable.ts";

const nowhere = homeless(later(seconds(1)));
const asksForMore = changing(scheduling("asks for a lot"));

describe("unschedulable", () => {
  it("finds nothing wrong with pods that have a node", () => {
    expectHealthy(unschedulable, aRollout());
  });

  it("waits a minute when the rollout changed what its pods ask of a node", () => {
    expectPending(unschedulable, aRollout(asksForMore, withPods(3, nowhere)), seconds(61));
    const scene = aRollout(asksForMore, withPods(3, nowhere), at(seconds(61)));
    const finding = expectFailing(unschedulable, "Unschedulable", scene);
    expect(finding.message).to.equal(
      "No node takes 3 of 3 pods: 0/3 nodes are available: 3 Insufficient memory.",
    );
  });

  it("waits four times as long when it did not: the cluster may be growing", () => {
    expectPending(unschedulable, aRollout(withPods(3, nowhere), at(minutes(4))), seconds(241));
    expectFailing(unschedulable, "Unschedulable", aRollout(withPods(3, nowhere), at(seconds(241))));
  });

  it("waits as long as the guard says", () => {
    const patient = withSpec({ checks: { unschedulable: { patience: "10m" } } });
    expectPending(unschedulable, aRollout(patient, asksForMore, withPods(3, nowhere)), seconds(601));
  });

  it("waits as long for a first deployment: there is nothing to compare with", () => {
    expectPending(unschedulable, aFirstRollout(withPods(3, nowhere)), seconds(241));
  });

  it("finds nothing wrong while fewer than half of the pods have no node", () => {
    expectHealthy(unschedulable, aRollout(asksForMore, withPods(2), andPods(1, nowhere), at(minutes(9))));
  });

  it("does not count pods that wait for a scheduling gate", () => {
    const gated: PodTrait = (pod) => ({ ...pod, scheduled: { ...pod.scheduled, reason: "SchedulingGated" } });
    expectHealthy(unschedulable, aRollout(withPods(3, nowhere, gated), at(minutes(9))));
  });

  it("does not count disrupted pods", () => {
    expectHealthy(unschedulable, aRollout(asksForMore, withPods(3, nowhere, disrupted), at(minutes(9))));
  });

  it("does not count pods that scaling asks for after the rollout has completed", () => {
    const scaled = andPods(9, createdAt(later(seconds(40))), nowhere);
    expectHealthy(unschedulable, aRollout(withPods(3), scaled, completedAfter(seconds(6)), at(minutes(9))));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { unschedulable: { enabled: false } } });
    expectHealthy(unschedulable, aRollout(off, withPods(3, nowhere), at(minutes(9))));
  });
});
