import { expect } from "chai";
import { failing } from "../testing/a-finding.ts";
import { containerIs, crashed, notReadyYet, type PodTrait, waitsFor } from "../testing/a-pod.ts";
import { extraContainer } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, changing, withOldPods, withPods } from "../testing/facts.ts";
import { later, minutes, seconds, T0 } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { initContainerRunning } from "./init-container-running.ts";

const headline = failing("CrashLooping");

const migrate = changing(extraContainer("migrate", "init"));
const runs =
  (restarts: number, startedAt: number): PodTrait =>
  (pod) =>
    containerIs("migrate", { isReady: false, restarts, state: { is: "running", startedAt } })(
      waitsFor("PodInitializing")(pod),
    );

function brakeIn(...facts: readonly Fact[]) {
  const scene = aRollout(migrate, ...facts);
  return initContainerRunning(rolloutIn(scene), headline, scene.now);
}

describe("initContainerRunning", () => {
  it("kills no migration half-way: it waits while an init container runs that has not failed", () => {
    const brake = brakeIn(withPods(2, crashed({ restarts: 3 })), andPods(1, runs(0, later(seconds(5)))));
    expect(brake?.reason).to.equal("InitContainerRunning");
    expect(brake?.message).to.contain("Init container migrate of pod checkout-596f7cbf4b-2 is running");
    expect(brake?.untilAt).to.be.greaterThan(later(minutes(1)));
  });

  it("does not wait for one that has failed, is done, or has not begun", () => {
    for (const trait of [
      runs(1, later(seconds(5))),
      crashed({ container: "migrate", restarts: 3 }),
      notReadyYet,
      waitsFor("PodInitializing"),
    ]) {
      expect(brakeIn(withPods(3, trait))).to.equal(undefined);
    }
  });

  it("does not wait for one that hangs: an hour is enough", () => {
    const hanging = withPods(3, runs(0, T0));
    expect(brakeIn(hanging, at(minutes(60)))?.reason).to.equal("InitContainerRunning");
    expect(brakeIn(hanging, at(minutes(60) + 1))).to.equal(undefined);
  });

  it("does not wait for the old revision's, which a rollback does not kill", () => {
    expect(brakeIn(withPods(3, notReadyYet), withOldPods(3, runs(0, T0)))).to.equal(undefined);
  });
});
