import { failing } from "../../testing/a-finding.ts";
import {
  aPod,
  beingDeleted,
  cannotBeCreated,
  crashed,
  createdAt,
  evicted,
  notReadyYet,
  type PodTrait,
  runningSince,
} from "../../testing/a-pod.ts";
import { GOOD } from "../../testing/a-revision.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { crashing, withOldPods } from "../../testing/facts.ts";
import { later, minutes, seconds } from "../../testing/instants.ts";
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
