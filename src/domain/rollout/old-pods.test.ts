import { expect } from "chai";
import { beingDeleted, createdAt, notReadyYet, type PodTrait, regainedReadiness } from "../testing/a-pod.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { withOldPods, withPods } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aFirstRollout, aRollout, type Fact } from "../testing/scene.ts";
import { oldPodsBackAt } from "./old-pods.ts";

function backAt(...facts: readonly Fact[]): number {
  const { snapshot, baseline, startedAt } = rolloutIn(aRollout(...facts));
  return oldPodsBackAt(snapshot, baseline, startedAt);
}

const back = regainedReadiness(later(seconds(40)));

describe("when old pods are ready again that had lost it in the middle of the rollout", () => {
  it("is when half of them were: what took them away took the new ones away as well", () => {
    expect(backAt(withOldPods(3, back))).to.equal(later(seconds(40)));
  });

  it("is never while they stayed ready, or are not back", () => {
    expect(backAt()).to.equal(0);
    expect(backAt(withOldPods(3, notReadyYet))).to.equal(0);
  });

  it("is not when pods that were made since became ready, nor those that end", () => {
    const made: PodTrait = createdAt(later(seconds(30)));
    expect(backAt(withOldPods(3, made))).to.equal(0);
    expect(backAt(withOldPods(3, back, beingDeleted))).to.equal(0);
  });

  it("is nothing that the new pods could tell, nor a first release", () => {
    expect(backAt(withPods(3, regainedReadiness(later(minutes(1)))))).to.equal(0);
    const { snapshot, baseline, startedAt } = rolloutIn(aFirstRollout());
    expect(oldPodsBackAt(snapshot, baseline, startedAt)).to.equal(0);
  });
});
