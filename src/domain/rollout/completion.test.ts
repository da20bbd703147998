import { expect } from "chai";
import { createdAt } from "../testing/a-pod.ts";
import { GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import {
  completedAfter,
  guardMadeAfter,
  wanting,
  withOldPods,
  withPods,
  withStatus,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "../testing/instants.ts";
import { aRollout, at, type Fact, ledger } from "../testing/scene.ts";

function completedIn(...facts: readonly Fact[]): number | undefined {
  return rolloutIn(aRollout(...facts)).completedAt;
}

const silent = withWorkload({ conditions: [] });

describe("when a rollout was complete", () => {
  it("is when Kubernetes says so", () => {
    expect(completedIn(completedAfter(seconds(10)))).to.equal(later(seconds(10)));
  });

  it("is not what Kubernetes said of the rollout before", () => {
    expect(completedIn(completedAfter(-seconds(2)), withPods(2), withOldPods(1))).to.equal(undefined);
  });

  it("is not what Kubernetes says of a generation that it has not observed", () => {
    const unseen = withWorkload({ generation: 5 });
    expect(completedIn(completedAfter(seconds(10)), unseen)).to.equal(undefined);
  });

  it("is now when all pods are new and available, before anybody has said it", () => {
    expect(completedIn(silent)).to.equal(aRollout().now);
    expect(completedIn(silent, withPods(2))).to.equal(undefined);
    expect(completedIn(silent, withOldPods(1))).to.equal(undefined);
  });

  it("stays what the ledger remembers of this rollout", () => {
    const known = [remembered(NEW, "Completed", later(seconds(8))), remembered(GOOD, "Good")];
    expect(completedIn(ledger(...known), completedAfter(seconds(30)))).to.equal(later(seconds(8)));
    const before = ledger(remembered(NEW, "Good", earlier(minutes(90))), remembered(GOOD, "Good"));
    expect(completedIn(before, completedAfter(seconds(30)))).to.equal(later(seconds(30)));
    const unproven = ledger(remembered(NEW, "Unproven", later(0)), remembered(GOOD, "Good"));
    expect(completedIn(unproven, completedAfter(seconds(30)))).to.equal(later(seconds(30)));
  });

  it("stays what the status remembers of it, also where the revision was good before", () => {
    const current = {
      hash: NEW.hash,
      revision: 2,
      images: [],
      since: written(later(0)),
      completedAt: written(later(seconds(9))),
    };
    expect(completedIn(withStatus({ current }), silent, at(minutes(4)))).to.equal(later(seconds(9)));
    const atZero = { ...current, replicas: 0 };
    expect(completedIn(withStatus({ current: atZero }), silent)).not.to.equal(later(seconds(9)));
    const other = { ...current, hash: GOOD.hash };
    expect(completedIn(withStatus({ current: other }), silent)).not.to.equal(later(seconds(9)));
  });

  describe("of a release that was shipped at zero replicas", () => {
    const atZero = completedAfter(seconds(2));
    const scaledUp = withPods(3, createdAt(later(minutes(5))));

    it("is when its pods are available, not when it was complete without any", () => {
      expect(completedIn(atZero, scaledUp, at(minutes(6)))).to.equal(later(minutes(6)));
      expect(completedIn(atZero, wanting(0), withOldPods(0))).to.equal(undefined);
    });

    it("is what Kubernetes says where that was before the guard was made: nobody knows its first pods", () => {
      const facts = [atZero, scaledUp, guardMadeAfter(minutes(4)), at(minutes(6))];
      expect(completedIn(...facts)).to.equal(later(seconds(2)));
    });
  });

  it("is when as many are available as of the good revision, by design", () => {
    const leader = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { readyPercent: 35 }));
    const one = [silent, withOldPods(0), withWorkload({ conditions: [], availableReplicas: 1 })];
    expect(completedIn(leader, ...one)).to.equal(aRollout().now);
    expect(completedIn(...one)).to.equal(undefined);
  });
});
