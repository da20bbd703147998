import { expect } from "chai";
import { createdAt, lostReadiness, notReadyYet, onLostNode, type PodTrait } from "../testing/a-pod.ts";
import { readinessGates } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, withOldPods, withPods, withReferences } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, type Fact } from "../testing/scene.ts";
import { nodesReportAgainAt } from "./lost-nodes.ts";

const starting = withPods(1, notReadyYet);
const lost = onLostNode(later(seconds(4)));
const backAgain: PodTrait = (pod) => ({ ...pod, readyChangedAt: later(seconds(40)) });

function nodesReportAgainIn(...facts: readonly Fact[]): number {
  return nodesReportAgainAt(rolloutIn(aRollout(...facts)));
}

describe("nodes that are lost", () => {
  it("are not suspected while the pods that had become ready stay ready", () => {
    expect(nodesReportAgainIn(starting, withOldPods(3))).to.equal(0);
  });

  it("are not to be believed while half of those pods are cut off, old or new", () => {
    expect(nodesReportAgainIn(starting, withOldPods(3, lost))).to.equal(Number.POSITIVE_INFINITY);
    expect(nodesReportAgainIn(starting, andPods(1, lost), withOldPods(1))).to.equal(Number.POSITIVE_INFINITY);
    expect(nodesReportAgainIn(starting, andPods(1, lost), withOldPods(2))).to.equal(0);
  });

  it("have a moment to tell the state of their pods when they are back", () => {
    expect(nodesReportAgainIn(starting, withOldPods(3, backAgain))).to.equal(later(seconds(55)));
  });

  it("are not what makes pods that scaling added become ready", () => {
    const added: PodTrait = (pod) => createdAt(later(seconds(30)))(pod);
    expect(nodesReportAgainIn(starting, withOldPods(3, added))).to.equal(0);
  });

  it("are not to blame for old pods whose application is unready, or that wait for a gate", () => {
    expect(nodesReportAgainIn(starting, withOldPods(3, lostReadiness(later(minutes(1)))))).to.equal(0);
    const gates = withReferences(readinessGates);
    expect(nodesReportAgainIn(gates, starting, withOldPods(3, lost))).to.equal(0);
  });
});
