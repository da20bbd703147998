import { expect } from "chai";
import type { Outage } from "../snapshot/surroundings.ts";
import { withSurroundings } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { ongoing, outageAround, outageEndedAt } from "./outages.ts";

const STARTED_AT = later(0);
const NOW = later(minutes(10));

/** Outages in these namespaces, one for each mention, that began then. */
function down(downSinceAt: number, namespaces: readonly string[], upAt?: number): readonly Outage[] {
  return namespaces.map((namespace, index) => ({
    namespace,
    kind: "Deployment",
    name: `${namespace}-${index}`,
    downSinceAt,
    ...(upAt !== undefined && { upAt }),
  }));
}

function around(outages: readonly Outage[], settledNearby = 3, settledNamespaces = 3): number {
  const scene = aRollout(withSurroundings({ outages, settledNearby, settledNamespaces }));
  return outageAround(snapshotOf(scene), STARTED_AT, NOW).length;
}

const three = ["shop", "shop", "shop"];

describe("an outage", () => {
  it("is three workloads of the namespace, and a third of those that are settled there", () => {
    expect(around(down(later(0), three))).to.equal(3);
    expect(around(down(later(0), ["shop", "shop"]), 2)).to.equal(0);
    expect(around(down(later(0), three), 10)).to.equal(3);
    expect(around(down(later(0), three), 11)).to.equal(0);
  });

  it("is workloads of three other namespaces: one tenant alone holds nobody's rollback", () => {
    expect(around(down(later(0), ["a", "b", "c"]))).to.equal(3);
    expect(around(down(later(0), ["a", "a", "a", "a", "a", "b"]))).to.equal(0);
    expect(around(down(later(0), ["a", "b", "c"]), 3, 11)).to.equal(0);
  });

  it("has its own namespace's workloads with it when others are hit", () => {
    expect(around(down(later(0), ["shop", "a", "b", "c"]))).to.equal(4);
    expect(around(down(later(0), [...three, "a"]))).to.equal(3);
  });

  it("is what began around this rollout: what has been broken for longer is a state", () => {
    expect(around(down(earlier(minutes(5)), three))).to.equal(3);
    expect(around(down(earlier(minutes(5)) - 1, three))).to.equal(0);
    const monthly = down(earlier(minutes(60 * 24 * 30)), three);
    expect(around([...monthly, ...down(later(0), ["shop"])])).to.equal(0);
  });

  it("is over after half an hour", () => {
    const snapshot = (downSinceAt: number) =>
      snapshotOf(aRollout(withSurroundings({ outages: down(downSinceAt, three), settledNearby: 3 })));
    const at = later(minutes(40));
    expect(outageAround(snapshot(later(minutes(10))), STARTED_AT, at)).to.have.length(3);
    expect(outageAround(snapshot(later(minutes(10)) - 1), STARTED_AT, at)).to.have.length(0);
  });

  it("is what is down at the same moment: what fails now and then, one after the other, is none", () => {
    const at = (from: number) => later(seconds(from));
    const inTurn = [...down(at(0), ["a"], at(20)), ...down(at(30), ["b"], at(50)), ...down(at(60), ["c"])];
    expect(around(inTurn)).to.equal(0);
    const overlapping = [...down(at(0), ["a"], at(61)), ...down(at(30), ["b"]), ...down(at(60), ["c"])];
    expect(around(overlapping)).to.equal(3);
  });

  it("continues in those that are down at this moment", () => {
    const outages = [...down(later(0), ["a"], later(9)), ...down(later(0), ["b", "c"])];
    expect(ongoing(outages).map(({ namespace }) => namespace)).to.deep.equal(["b", "c"]);
  });
});

describe("when an outage ended", () => {
  function endedAt(outages: readonly Outage[], settledNearby = 3): number {
    const scene = aRollout(withSurroundings({ outages, settledNearby }));
    return outageEndedAt(snapshotOf(scene), STARTED_AT);
  }

  it("is when the last of them was up again", () => {
    const outages = [
      ...down(later(seconds(30)), ["shop", "shop"], later(minutes(3))),
      ...down(later(seconds(30)), ["shop"], later(minutes(4))),
    ];
    expect(endedAt(outages)).to.equal(later(minutes(4)));
  });

  it("is not known where there was none: too few, or before the rollout", () => {
    expect(endedAt([])).to.equal(0);
    expect(endedAt(down(later(0), ["shop", "shop"], later(minutes(3))))).to.equal(0);
    expect(endedAt(down(earlier(minutes(4)), three, earlier(minutes(1))))).to.equal(0);
  });

  it("is no later for what only goes down without coming up", () => {
    expect(endedAt(down(later(0), three))).to.equal(0);
    const some = [...down(later(0), three, later(minutes(2))), ...down(later(minutes(3)), ["shop"])];
    expect(endedAt(some)).to.equal(later(minutes(2)));
  });

  it("is not extended by workloads that keep failing for reasons of their own", () => {
    const over = down(later(0), three, later(minutes(2)));
    const again = down(later(minutes(3)), ["a"], later(minutes(4)));
    expect(endedAt([...over, ...again])).to.equal(later(minutes(2)));
    const slow = down(later(minutes(1)), ["a"], later(minutes(4)));
    expect(endedAt([...over, ...slow]), "down at the same time, in another namespace").to.equal(
      later(minutes(2)),
    );
    const last = down(later(minutes(1)), ["shop"], later(minutes(4)));
    expect(endedAt([...over, ...last]), "down at the same time").to.equal(later(minutes(4)));
  });

  it("is when those were back of which nobody saw the beginning, if they came back together", () => {
    const unseen = (...upAts: number[]): readonly Outage[] =>
      upAts.map((upAt, index) => ({ namespace: "shop", kind: "Deployment", name: `s-${index}`, upAt }));
    expect(endedAt(unseen(later(seconds(60)), later(seconds(70)), later(seconds(80))))).to.equal(
      later(seconds(80)),
    );
    expect(endedAt(unseen(later(seconds(60)), later(seconds(100)), later(seconds(140))))).to.equal(0);
    const flapping = [...unseen(later(60_000), later(61_000), later(62_000)), ...unseen(later(minutes(3)))];
    expect(endedAt(flapping)).to.equal(later(seconds(62)));
  });
});
