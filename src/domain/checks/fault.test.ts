import { expect } from "chai";
import type { Finding } from "../decision.ts";
import { notReadyYet, onLostNode, type PodTrait } from "../testing/a-pod.ts";
import { GOOD, remembered } from "../testing/a-revision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, losingService, wanting, withOldPods, withPods } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../testing/scene.ts";
import { eventsAbout, fault, findingOfPods, lasting, mostFrequent, toleratedUnready } from "./fault.ts";

const described = fault("NotReady", "They are not ready.", ["evidence"]);

/** The finding about the unready pods, each of which counts a minute after T0 plus a second for its number. */
function findingIn(facts: readonly Fact[], more: Partial<Parameters<typeof findingOfPods>[2]> = {}): Finding {
  const rollout = rolloutIn(aRollout(...facts));
  const affected = rollout.pods
    .filter(({ isReady }) => !isReady)
    .map((pod, index) => ({
      pod,
      sinceAt: later(seconds(index)),
      untilAt: later(minutes(1) + seconds(index)),
    }));
  const podFault = { check: "readiness", affected, describe: () => described, ...more } as const;
  return findingOfPods(rollout, later(minutes(1) + seconds(2)), podFault);
}

function untilIn(
  facts: readonly Fact[],
  more?: Parameters<typeof findingIn>[1],
): number | string | undefined {
  const finding = findingIn(facts, more);
  return finding.verdict === "pending" ? (finding.untilAt ?? "again") : finding.verdict;
}

describe("findingOfPods", () => {
  it("is healthy while fewer than half of the pods are affected", () => {
    expect(untilIn([withPods(3), andPods(2, notReadyYet)])).to.equal("healthy");
    expect(untilIn([withPods(3), andPods(3, notReadyYet)])).to.equal("failing");
    expect(untilIn([withPods(3)])).to.equal("healthy");
  });

  it("counts when half of the pods have had their time", () => {
    expect(untilIn([withPods(6, notReadyYet)])).to.equal("failing");
    expect(untilIn([withPods(7, notReadyYet)])).to.equal(later(minutes(1) + seconds(3)));
    const finding = findingIn([withPods(6, notReadyYet)]);
    expect(finding.verdict === "failing" && finding.sinceAt).to.equal(later(seconds(2)));
  });

  it("leaves out as many as were like that before", () => {
    const two = [withPods(2), andPods(2, notReadyYet)];
    expect(untilIn(two)).to.equal("failing");
    expect(untilIn(two, { tolerated: 1 })).to.equal("healthy");
    expect(untilIn([withPods(5, notReadyYet)])).to.equal("failing");
    expect(untilIn([withPods(5, notReadyYet)], { tolerated: 2 })).to.equal(later(minutes(1) + seconds(3)));
  });

  it("stays pending while nodes are lost", () => {
    const lost = withOldPods(3, onLostNode(later(seconds(4))));
    expect(untilIn([withPods(3, notReadyYet), lost])).to.equal("again");
  });

  describe("about the only pod where a second one could say whether it is the node", () => {
    const alone = [wanting(5), withPods(1, notReadyYet), withOldPods(5)];
    const needsSecondPod = { needsSecondPod: true };

    it("waits until the Deployment's deadline while the old pods serve", () => {
      expect(untilIn(alone, needsSecondPod)).to.equal(later(minutes(10)));
      expect(untilIn(alone)).to.equal("failing");
    });

    it("does not wait when service is lost, when there is a second pod, or where few are wanted", () => {
      expect(untilIn([...alone, losingService], needsSecondPod)).to.equal("failing");
      expect(untilIn([...alone, withPods(2, notReadyYet)], needsSecondPod)).to.equal("failing");
      expect(untilIn([...alone, wanting(4)], needsSecondPod)).to.equal("failing");
    });

    it("takes several on one node for one, as long as no ready pod shows that the node works", () => {
      const on =
        (node: string): PodTrait =>
        (pod) => ({ ...pod, node });
      const three = [wanting(8), withPods(3, notReadyYet, on("new"))];
      expect(untilIn([...three, withOldPods(8, on("old"))], needsSecondPod)).to.equal(later(minutes(10)));
      expect(untilIn([...three, withOldPods(8, on("new"))], needsSecondPod)).to.equal("failing");
      const two = [...three, andPods(1, notReadyYet, on("other")), withOldPods(8, on("old"))];
      expect(untilIn(two, needsSecondPod)).to.equal("failing");
    });
  });
});

describe("toleratedUnready", () => {
  const tolerated = (readyPercent: number | undefined, ...facts: readonly Fact[]) => {
    const was = remembered(GOOD, "Good", earlier(minutes(50)), {
      ...(readyPercent !== undefined && { readyPercent }),
    });
    return toleratedUnready(rolloutIn(aRollout(ledger(was), ...facts)));
  };

  it("is none when all pods of the good revision were ready", () => {
    expect(tolerated(undefined, withPods(6, notReadyYet))).to.equal(0);
  });

  it("is the share of what was wanted that was unready in it", () => {
    expect(tolerated(35, withPods(3, notReadyYet))).to.equal(2);
    expect(tolerated(50, wanting(4), withPods(4, notReadyYet))).to.equal(2);
    expect(tolerated(90, wanting(10), withPods(10, notReadyYet))).to.equal(1);
  });

  it("is no more than there are while old pods are left: those of the new ones can all be passive", () => {
    expect(tolerated(35, withPods(1, notReadyYet), withOldPods(2))).to.equal(1);
    expect(tolerated(35, withPods(2, notReadyYet), withOldPods(1))).to.equal(2);
  });

  it("is never all of them when no old pod is left: one has to be ready", () => {
    expect(tolerated(35, withPods(2, notReadyYet), withOldPods(0))).to.equal(1);
    expect(tolerated(0, withPods(3, notReadyYet), withOldPods(0))).to.equal(2);
    expect(tolerated(0, withPods(0), withOldPods(0))).to.equal(0);
  });
});

describe("lasting", () => {
  const found = { sinceAt: later(0), restsOn: [], ...described };

  it("is pending until its time, and failing from then on", () => {
    expect(lasting("readiness", found, later(5), later(4))).to.include({
      verdict: "pending",
      untilAt: later(5),
    });
    expect(lasting("readiness", found, later(5), later(5)).verdict).to.equal("failing");
  });

  it("names no time when it counts only if it happens again", () => {
    const finding = lasting("readiness", found, Number.POSITIVE_INFINITY, later(minutes(600)));
    expect(finding.verdict).to.equal("pending");
    expect(finding).not.to.have.property("untilAt");
  });
});

describe("evidence", () => {
  it("has each line once, and a bearable number of them", () => {
    const lines = ["a", "a", undefined, "", "b", "c", "d", "e", "f", "g"];
    expect(fault("NotReady", "", lines).evidence).to.deep.equal(["a", "b", "c", "d", "e", "f"]);
    expect(Buffer.byteLength(fault("NotReady", "", ["x".repeat(2_000)]).evidence[0] ?? "")).to.equal(500);
  });

  it("quotes the Events of these reasons about this object, newest first, and how often they came", () => {
    const event = (uid: string, reason: string, count: number, lastAt: number) => ({
      type: "Warning" as const,
      involved: { kind: "Pod", name: uid, uid },
      reason,
      message: `${count} times`,
      count,
      lastAt,
    });
    const scene = aRollout((scene) => ({
      ...scene,
      otherEvents: [
        event("a", "Failed", 1, later(1)),
        event("a", "Failed", 7, later(2)),
        event("a", "Pulled", 2, later(3)),
        event("b", "Failed", 3, later(4)),
      ],
    }));
    expect(eventsAbout(rolloutIn(scene), "a", ["Failed"])).to.deep.equal([
      "Event Failed (×7) on a: 7 times",
      "Event Failed on a: 1 times",
    ]);
  });

  it("takes the most frequent word, of equals the first", () => {
    expect(mostFrequent(["a", "b", "b"])).to.equal("b");
    expect(mostFrequent(["a", "b"])).to.equal("a");
    expect(mostFrequent([])).to.equal(undefined);
  });
});
