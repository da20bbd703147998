import { expect } from "chai";
import {
  beingDeleted,
  createdAt,
  flapping,
  lostReadiness,
  notReadyYet,
  onLostNode,
  runningSince,
} from "../testing/a-pod.ts";
import { GOOD, remembered } from "../testing/a-revision.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  completedAfter,
  wanting,
  warned,
  withPods,
  withService,
  withSpec,
  withSurroundings,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, given, ledger } from "../testing/scene.ts";
import { degraded } from "./degraded.ts";

const complete = completedAfter(seconds(10));
const lost = lostReadiness(later(seconds(40)));

describe("degraded", () => {
  it("finds nothing wrong with a complete rollout whose pods are ready", () => {
    expectHealthy(degraded, aRollout(complete));
  });

  it("counts pods that were ready and have not been for 20 s while service is lost", () => {
    const scene = aRollout(complete, withPods(3, lost), warned("Unhealthy", "Readiness probe failed: 500"));
    expectPending(degraded, given(scene, at(seconds(59))), seconds(60));
    expect(expectFailing(degraded, "Degraded", scene).message).to.equal(
      "3 of 3 pods stopped being ready 30s after the rollout completed: Readiness probe failed: 500",
    );
  });

  it("gives them two and a half minutes while nobody is hurt", () => {
    const served = withService({ readyEndpoints: 3 });
    expectPending(degraded, aRollout(served, complete, withPods(3, lost)), seconds(190));
  });

  it("waits as long as the guard says, hurt or not", () => {
    const patient = withSpec({ checks: { degraded: { for: "3m" } } });
    for (const facts of [[], [withService({ readyEndpoints: 3 })]]) {
      expectPending(degraded, aRollout(patient, complete, withPods(3, lost), ...facts), seconds(220));
    }
  });

  it("does not count as many as were unready in the good revision, by design", () => {
    const oneOfThree = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { readyPercent: 35 }));
    const handedOver = [complete, withPods(1), andPods(2, lost), at(minutes(9))];
    expectHealthy(degraded, aRollout(oneOfThree, ...handedOver));
    expectFailing(degraded, "Degraded", aRollout(...handedOver));
  });

  describe("pods that lose readiness again and again", () => {
    /** How they were in the ten minutes since they run. */
    const unready = (losses: number, forSeconds: number) => flapping(losses, seconds(forSeconds));
    const ten = [complete, at(minutes(10) + seconds(2))];

    it("fail at once, however they are at this moment: what happened in all that time counts", () => {
      const scene = aRollout(...ten, withPods(3, unready(5, 200)), warned("Unhealthy", "probe failed: 503"));
      const finding = expectFailing(degraded, "Degraded", scene);
      expect(finding.message).to.equal(
        "3 of 3 pods lost readiness up to 5 times, for 3m20s in total: probe failed: 503",
      );
    });

    it("fail also while the rollout is not complete", () => {
      expectFailing(
        degraded,
        "Degraded",
        aRollout(at(minutes(10)), withPods(3, unready(5, 200)), wanting(6)),
      );
    });

    it("are those that lost it three times, for half a minute and 15 % of their lives", () => {
      const well = [unready(2, 500), unready(9, 29), unready(9, 89)];
      for (const trait of well) expectHealthy(degraded, aRollout(...ten, withPods(3, trait)));
      expectFailing(degraded, "Degraded", aRollout(...ten, withPods(3, unready(3, 90))));
      const young = [complete, at(minutes(1) + seconds(2))];
      expectHealthy(degraded, aRollout(...young, withPods(3, unready(3, 29))));
      expectFailing(degraded, "Degraded", aRollout(...young, withPods(3, unready(3, 30))));
    });

    it("count the spell that has not ended yet", () => {
      const still = withPods(3, lostReadiness(later(minutes(10) - seconds(40))), unready(3, 60));
      expectFailing(degraded, "Degraded", aRollout(...ten, still));
    });

    it("are compared with the good revision, which was unready for some of the time itself", () => {
      const flapped = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { readyPercent: 85 }));
      expectHealthy(degraded, aRollout(flapped, ...ten, withPods(3, unready(5, 200))));
      expectFailing(degraded, "Degraded", aRollout(flapped, ...ten, withPods(3, unready(5, 300))));
    });

    it("are few: half of the pods are enough", () => {
      const some = (count: number) => [withPods(4 - count), andPods(count, unready(5, 200)), wanting(4)];
      expectHealthy(degraded, aRollout(...ten, ...some(1)));
      expectFailing(degraded, "Degraded", aRollout(...ten, ...some(2)));
    });
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
