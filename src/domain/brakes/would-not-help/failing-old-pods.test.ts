import { failing } from "../../testing/a-finding.ts";
import {
  aPod,
  beingDeleted,
  cannotBeCreated,
  crashed,
  createdAt,
  evicted,
  firstFailed,
  notReadyYet,
  type PodTrait,
  runningSince,
} from "../../testing/a-pod.ts";
import { GOOD } from "../../testing/a-revision.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { crashing, withOldPods, withPods } from "../../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../../testing/instants.ts";
import { aRollout, at, type Fact } from "../../testing/scene.ts";
import { failingOldPods } from "./failing-old-pods.ts";

const headline = failing("CrashLooping");
const rollingOut = (...facts: readonly Fact[]) => aRollout(crashing, ...facts, at(minutes(5)));

/** Two old pods that serve, and these that were made since the rollout began. */
const besides = (...made: readonly PodTrait[][]): Fact => {
  return (scene) => ({
    ...scene,
    oldPods: [
      ...[0, 1].map((index) => aPod(GOOD, index, GOOD.createdAt)),
      ...made.map((traits, index) => aPod(GOOD, index + 2, later(minutes(1)), traits)),
    ],
  });
};

describe("old pods that fail too", () => {
  it("are those that still run and of which none is ready", () => {
    const scene = rollingOut(withOldPods(2, notReadyYet));
    expectObjection(failingOldPods, headline, scene, "are not ready either (0 of 2 ready)");
  });

  it("are not those of which one serves, nor none at all", () => {
    const one: Fact = (scene) => ({
      ...scene,
      oldPods: [aPod(GOOD, 0, GOOD.createdAt), aPod(GOOD, 1, GOOD.createdAt, [notReadyYet])],
    });
    expectNoObjection(failingOldPods, headline, rollingOut(one));
    expectNoObjection(failingOldPods, headline, rollingOut(withOldPods(0)));
  });

  it("are not those that end, or were evicted", () => {
    for (const trait of [evicted, beingDeleted]) {
      expectNoObjection(failingOldPods, headline, rollingOut(withOldPods(2, notReadyYet, trait)));
    }
  });
});

describe("pods of the old revision that were made since the rollout began, the control group", () => {
  it("prove that going back does not help, though others still serve", () => {
    const how: readonly PodTrait[][] = [
      [crashed({ restarts: 2 })],
      [cannotBeCreated('secret "database" not found', later(minutes(2)))],
      [notReadyYet, runningSince(later(minutes(1)))],
    ];
    for (const traits of how) {
      const scene = rollingOut(besides(traits));
      expectObjection(
        failingOldPods,
        headline,
        scene,
        "Pod checkout-5d8f6c7b94-2",
        "created after this rollout started",
      );
    }
  });

  it("prove nothing while one of them works", () => {
    expectNoObjection(failingOldPods, headline, rollingOut(besides([crashed({ restarts: 2 })], [])));
    expectNoObjection(failingOldPods, headline, rollingOut(besides([])));
  });

  it("have a minute to start", () => {
    const starting = besides([notReadyYet, runningSince(later(minutes(4) + seconds(1)))]);
    expectNoObjection(failingOldPods, headline, rollingOut(starting));
  });

  it("are none of before the rollout, which were started with what was there then", () => {
    const old = besides([crashed({ restarts: 2 }), createdAt(GOOD.createdAt)]);
    expectNoObjection(failingOldPods, headline, rollingOut(old));
  });

  it("are none that end: nobody waits for those", () => {
    expectNoObjection(
      failingOldPods,
      headline,
      rollingOut(besides([crashed({ restarts: 2 }), beingDeleted])),
    );
  });
});

describe("old pods that began to fail before the new ones", () => {
  const failedAt = (first: number, last: number): PodTrait[] => [
    crashed({ restarts: 2, at: last }),
    firstFailed(first),
  ];
  const old = (...traits: readonly (readonly PodTrait[])[]): Fact => {
    const well = aPod(GOOD, 9, GOOD.createdAt);
    const pods = traits.map((each, index) => aPod(GOOD, index, GOOD.createdAt, each));
    return (scene) => ({ ...scene, oldPods: [...pods, well] });
  };
  const fresh = withPods(3, ...failedAt(later(seconds(30)), later(seconds(100))));
  const rollingOut = (...facts: readonly Fact[]) => aRollout(fresh, ...facts, at(seconds(150)));

  it("prove that both suffer from the same", () => {
    const both = failedAt(later(seconds(10)), later(seconds(120)));
    expectObjection(failingOldPods, headline, rollingOut(old(both, both)), "2 of 3 pods of", "or before");
  });

  it("do not where they failed after the new ones, long before, only once, or few of them", () => {
    const [after, once] = [
      failedAt(later(seconds(40)), later(seconds(120))),
      failedAt(later(seconds(10)), later(seconds(10))),
    ];
    const longAgo = failedAt(earlier(minutes(20)), later(seconds(120)));
    for (const traits of [after, once, longAgo]) {
      expectNoObjection(failingOldPods, headline, rollingOut(old(traits, traits)));
    }
    const both = failedAt(later(seconds(10)), later(seconds(120)));
    expectNoObjection(failingOldPods, headline, rollingOut(old(both, [], [], [])));
  });
});
