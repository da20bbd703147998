import { expect } from "chai";
import {
  aPod,
  beingDeleted,
  createdAt,
  disrupted,
  evicted,
  lostReadiness,
  notReadyYet,
  onLostNode,
  type PodTrait,
  waitsForGate,
} from "../testing/a-pod.ts";
import { NEW, remembered } from "../testing/a-revision.ts";
import { later, minutes, seconds, T0 } from "../testing/instants.ts";
import { eligiblePods, isMajority, isNodeFailure, isUndisturbed, widespreadSince } from "./pods.ts";

/** So many pods of the new revision, one a second. */
function pods(count: number, ...traits: readonly PodTrait[]) {
  return Array.from({ length: count }, (_, index) => aPod(NEW, index, T0 + seconds(index), traits));
}

const dead =
  (phase: string): PodTrait =>
  (pod) => ({ ...pod, phase });

describe("eligiblePods", () => {
  const rolling = { completedAt: undefined, entry: undefined, wanted: 3, desired: 3 };

  it("are neither dead nor being deleted, evicted or disrupted", () => {
    for (const trait of [dead("Failed"), dead("Succeeded"), beingDeleted, evicted, disrupted]) {
      expect(eligiblePods([...pods(1, trait), ...pods(2)], rolling)).to.deep.equal(pods(2));
    }
  });

  describe("while it rolls out", () => {
    it("are the oldest, as many as were wanted when it began: an autoscaler's are not the release's", () => {
      const scaled = { ...rolling, desired: 6 };
      const six = pods(6).toReversed();
      expect(eligiblePods(six, scaled).map(({ name }) => name)).to.deep.equal(
        pods(3).map(({ name }) => name),
      );
    });

    it("are all of them when no more are wanted now, or there are no more", () => {
      expect(eligiblePods(pods(4), rolling)).to.have.length(4);
      expect(eligiblePods(pods(3), { ...rolling, desired: 6 })).to.have.length(3);
    });

    it("are at least one where none was wanted", () => {
      expect(eligiblePods(pods(4), { ...rolling, wanted: 0, desired: 4 })).to.have.length(1);
    });
  });

  describe("once it is complete", () => {
    const completedAt = later(seconds(10));
    const proven = remembered(NEW, "Completed", completedAt, { replicas: 3 });
    const complete = { completedAt, entry: proven, wanted: 3, desired: 3 };
    const madeLater = pods(2, createdAt(later(minutes(1))));

    it("are those that were made until then: scaling and replacements come later", () => {
      expect(eligiblePods([...pods(3), ...madeLater], complete)).to.deep.equal(pods(3));
    });

    it("are the others when none of those is left", () => {
      expect(eligiblePods([...pods(3, beingDeleted), ...madeLater], complete)).to.deep.equal(madeLater);
    });

    it("are all of them while it has not proven itself with as many as are wanted now", () => {
      const grown = { ...complete, desired: 5 };
      expect(eligiblePods([...pods(3), ...madeLater], grown)).to.have.length(5);
      const good = { ...grown, entry: remembered(NEW, "Good", completedAt, { replicas: 3 }) };
      expect(eligiblePods([...pods(3), ...madeLater], good)).to.deep.equal(pods(3));
    });

    it("are those of its own where nobody noted with how many it was complete", () => {
      const unnoted = { ...complete, entry: undefined, desired: 5 };
      expect(eligiblePods([...pods(3), ...madeLater], unnoted)).to.deep.equal(pods(3));
    });
  });
});

describe("isUndisturbed", () => {
  const isIt = (trait: PodTrait) => isUndisturbed(aPod(NEW, 0, T0, [trait]));

  it("is so of pods that live, however they are", () => {
    for (const trait of [notReadyYet, onLostNode(T0), dead("Pending"), dead("Unknown")]) {
      expect(isIt(trait)).to.equal(true);
    }
  });

  it("is not so of pods that end, or have ended", () => {
    for (const trait of [beingDeleted, evicted, disrupted, dead("Failed"), dead("Succeeded")]) {
      expect(isIt(trait)).to.equal(false);
    }
  });
});

describe("isNodeFailure", () => {
  const isIt = (...traits: readonly PodTrait[]) => isNodeFailure(aPod(NEW, 0, T0, traits));

  it("is a pod that is not ready while the kubelet calls its containers ready", () => {
    expect(isIt(onLostNode(later(seconds(9))))).to.equal(true);
    expect(isIt(notReadyYet)).to.equal(false);
    expect(isIt(lostReadiness(later(seconds(9))))).to.equal(false);
    expect(isIt()).to.equal(false);
  });

  it("is none where a readiness gate can be what is missing, by the pod's own gates or by its reason", () => {
    expect(isIt(waitsForGate)).to.equal(false);
    const gated: PodTrait = (pod) => ({ ...pod, hasReadinessGates: true });
    expect(isIt(onLostNode(later(seconds(9))), gated)).to.equal(false);
    const reason: PodTrait = (pod) => ({ ...pod, readyReason: "ReadinessGatesNotReady" });
    expect(isIt(onLostNode(later(seconds(9))), reason)).to.equal(false);
  });
});

describe("half of the pods", () => {
  it("is a majority: 1 of 1, 1 of 2, 2 of 3, 2 of 4", () => {
    const isIt = (affected: number, count: number) => isMajority(pods(affected), pods(count));
    expect([isIt(1, 1), isIt(1, 2), isIt(2, 3), isIt(2, 4)]).to.deep.equal([true, true, true, true]);
    expect([isIt(0, 0), isIt(0, 1), isIt(1, 3), isIt(4, 10)]).to.deep.equal([false, false, false, false]);
  });

  it("was affected when the decisive one was, in whatever order they are told", () => {
    expect(widespreadSince([30, 10, 20], 3)).to.equal(20);
    expect(widespreadSince([30, 10, 20], 6)).to.equal(30);
    expect(widespreadSince([10], 1)).to.equal(10);
    expect(widespreadSince([], 3)).to.equal(0);
  });
});
