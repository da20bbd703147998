import { expect } from "chai";
import { crashed, firstFailed, notReadyYet } from "./testing/a-pod.ts";
import { GOOD, remembered } from "./testing/a-revision.ts";
import { decisionIn, effectsOf, expectLeftAlone, statusAfter } from "./testing/expect-decision.ts";
import { andPods, losingService, withPods, withWorkload } from "./testing/facts.ts";
import { earlier, later, minutes, seconds } from "./testing/instants.ts";
import { aSettledWorkload, at, type Fact, given, ledger, type Scene } from "./testing/scene.ts";

function healthyAfter(scene: Scene) {
  return statusAfter(scene).conditions?.find(({ type }) => type === "Healthy")?.status;
}

/** Its pods have crashed again and again, and nobody is served. */
const crashing: Fact = (scene) => given(scene, withPods(3, crashed({ restarts: 9 })), losingService);

const was = (memory: object): Fact => ledger(remembered(GOOD, "Good", earlier(minutes(50)), memory));

describe("a revision that runs without a rollout", () => {
  it("is healthy while nothing points to a failure", () => {
    const scene = aSettledWorkload();
    const decision = expectLeftAlone(scene, "Healthy", "RolloutGood");
    expect(decision.message).to.equal("Revision 1 (5d8f6c7b94) is healthy.");
    expect(healthyAfter(scene)).to.equal("True");
  });

  it("is said to fail when a check finds a fault, without an Incident and without a rollback", () => {
    const scene = aSettledWorkload(crashing);
    const decision = expectLeftAlone(scene, "Failing", "CrashLooping");
    expect(decision.brake).to.equal(undefined);
    expect(decision.message).to.contain(
      "is failing, but no rollout is in progress, so there is nothing to roll back",
    );
    expect(effectsOf(decision, "publishEvent")).to.deep.equal([]);
    expect(healthyAfter(scene)).to.equal("False");
    expect(decision.wakeAt).to.equal(later(minutes(1) + seconds(15)));
  });

  it("is healthy again when the signs are gone", () => {
    const failing = aSettledWorkload(crashing);
    const well = aSettledWorkload((scene) => ({
      ...scene,
      guard: { ...scene.guard, status: statusAfter(failing) },
    }));
    expectLeftAlone(well, "Healthy", "RolloutGood");
  });

  it("is compared with how it is itself: as many unready pods and failures as it has had say nothing", () => {
    const leader = [was({ readyPercent: 35 }), withPods(1), andPods(2, notReadyYet)];
    expectLeftAlone(aSettledWorkload(...leader, at(minutes(30))), "Healthy", "RolloutGood");
    const workers = [withPods(1), andPods(2, crashed({ restarts: 9, at: later(seconds(50)) }))];
    expectLeftAlone(aSettledWorkload(was({ failuresPerHour: 9 }), ...workers), "Healthy", "RolloutGood");
  });

  it("fails now and then in a long life: one end an hour says nothing", () => {
    const failing = (restarts: number) => {
      const { findings } = decisionIn(aSettledWorkload(withPods(3, crashed({ restarts })), losingService));
      return findings.some(({ check, verdict }) => check === "crashLoop" && verdict === "failing");
    };
    // An hour and a minute: the two that the guard allows, and two an hour.
    expect(failing(3)).to.equal(false);
    expect(failing(4)).to.equal(true);
  });

  it("is said to fail when most of its pods have begun to crash after they had run well for long", () => {
    const begun = [
      crashed({ restarts: 9, at: later(seconds(50)) }),
      firstFailed(earlier(minutes(15))),
    ] as const;
    const scene = aSettledWorkload(withPods(1), andPods(2, ...begun));
    expectLeftAlone(scene, "Failing", "CrashLooping");
    const lasting = [
      crashed({ restarts: 9, at: later(seconds(50)) }),
      firstFailed(earlier(minutes(50))),
    ] as const;
    expectLeftAlone(aSettledWorkload(withPods(1), andPods(2, ...lasting)), "Healthy", "RolloutGood");
  });

  it("is never healthy while no pod of it is available and some are desired", () => {
    const down = aSettledWorkload(withWorkload({ availableReplicas: 0 }));
    expect(healthyAfter(down)).not.to.equal("True");
    const starting = aSettledWorkload(withPods(3, notReadyYet), at(minutes(1)));
    expect(healthyAfter(starting)).not.to.equal("True");
  });
});
