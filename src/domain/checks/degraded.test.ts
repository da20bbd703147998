import { expect } from "chai";
import {
  beingDeleted,
  createdAt,
  lostReadiness,
  notReadyYet,
  onLostNode,
  runningSince,
} from "../testing/a-pod.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import { andPods, completedAfter, warned, withPods, withSpec, withSurroundings } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, given } from "../testing/scene.ts";
import { degraded } from "./degraded.ts";

const complete = completedAfter(seconds(10));
const lost = lostReadiness(later(seconds(40)));

describe("degraded", () => {
  it("finds nothing wrong with a complete rollout whose pods are ready", () => {
    expectHealthy(degraded, aRollout(complete));
  });

  it("counts pods that were ready and have not been for 20 s", () => {
    const scene = aRollout(complete, withPods(3, lost), warned("Unhealthy", "Readiness probe failed: 500"));
    expectPending(degraded, given(scene, at(seconds(59))), seconds(60));
    expect(expectFailing(degraded, "Degraded", scene).message).to.equal(
      "The rollout was complete for 30s, then 3 of 3 pods stopped being ready: Readiness probe failed: 500",
    );
  });

  it("waits as long as the guard says", () => {
    const patient = withSpec({ checks: { degraded: { for: "3m" } } });
    expectPending(degraded, aRollout(patient, complete, withPods(3, lost)), seconds(220));
  });

  it("waits for news of a node that tells things late", () => {
    const late = withSurroundings({ reportLagMs: seconds(30) });
    expectPending(degraded, aRollout(late, complete, withPods(3, lost), at(seconds(61))), seconds(90));
  });

  it("takes a Ready condition of the second in which the container started for its first", () => {
    const never = withPods(3, runningSince(later(seconds(40))), lostReadiness(later(seconds(41))));
    expectHealthy(degraded, aRollout(complete, never, at(minutes(2))));
  });

  it("leaves a rollout that is not complete to readiness", () => {
    expectHealthy(degraded, aRollout(withPods(3, lost)));
  });

  it("asks that the same process lost it: a container that was restarted since is starting again", () => {
    const restarted = withPods(3, lost, runningSince(later(seconds(42))));
    expectHealthy(degraded, aRollout(complete, restarted));
  });

  it("does not count pods that never were ready", () => {
    expectHealthy(degraded, aRollout(complete, withPods(3, notReadyYet)));
  });

  it("does not blame the release for a node that was lost", () => {
    expectHealthy(degraded, aRollout(complete, withPods(3, onLostNode(later(seconds(40))))));
  });

  it("does not count pods that were made after completion, by scaling or to replace others", () => {
    const scaled = andPods(9, createdAt(later(seconds(20))), lost);
    expectHealthy(degraded, aRollout(complete, withPods(3), scaled));
  });

  it("does not count pods that are being deleted", () => {
    expectHealthy(degraded, aRollout(complete, withPods(3, lost, beingDeleted)));
  });

  it("finds nothing wrong while fewer than half of the pods are affected", () => {
    expectHealthy(degraded, aRollout(complete, withPods(2), andPods(1, lost)));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { degraded: { enabled: false } } });
    expectHealthy(degraded, aRollout(off, complete, withPods(3, lost)));
  });
});
