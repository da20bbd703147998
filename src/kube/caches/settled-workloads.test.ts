import { expect } from "chai";
import { SettledWorkloads } from "./settled-workloads.ts";

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;
const own = { kind: "Deployment", name: "checkout" } as const;
const health = (isAvailable: boolean, changedAt: number) => ({ isAvailable, changedAt, completedAt: 0 });

/** The settled workloads of the namespace shop and others, all available: "name" or "namespace/name". */
function settled(...names: readonly string[]) {
  const workloads = new SettledWorkloads();
  const set = (path: string, isAvailable: boolean | undefined, changedAt = NOW) => {
    const [namespace, name] = path.includes("/") ? path.split("/") : ["shop", path];
    workloads.set(
      namespace ?? "",
      { kind: "Deployment", name: name ?? "" },
      isAvailable === undefined ? undefined : health(isAvailable, changedAt),
    );
  };
  for (const name of names) set(name, true, 0);
  const besides = (now = NOW) => workloads.besides("shop", own, now);
  const outages = (now = NOW) =>
    besides(now).outages.map(({ namespace, name, downSinceAt, upAt }) =>
      [
        `${namespace}/${name}`,
        downSinceAt && (downSinceAt - NOW) / MINUTE,
        upAt && (upAt - NOW) / MINUTE,
      ].filter((part) => part !== undefined),
    );
  return { set, besides, outages };
}

describe("what is settled besides a workload", () => {
  it("is counted in its namespace without itself, and by other namespaces", () => {
    const { besides } = settled("checkout", "a", "b", "other/c", "other/d", "third/e");
    expect(besides()).to.deep.equal({ settledNearby: 2, settledNamespaces: 2, outages: [] });
  });

  it("does not count one that is not settled any more, or is gone", () => {
    const { set, besides } = settled("a", "b", "other/c");
    set("a", undefined);
    set("other/c", undefined);
    expect(besides()).to.include({ settledNearby: 1, settledNamespaces: 0 });
  });
});

describe("an outage", () => {
  it("begins when a settled workload becomes unavailable, and ends when it is available again", () => {
    const { set, outages } = settled("a");
    set("a", false, NOW + MINUTE);
    expect(outages()).to.deep.equal([["shop/a", 1]]);
    set("a", true, NOW + 3 * MINUTE);
    expect(outages()).to.deep.equal([["shop/a", 1, 3]]);
  });

  it("began when it says so, however often it is looked at, and begins again after its end", () => {
    const { set, outages } = settled("a");
    set("a", false, NOW);
    set("a", false, NOW + MINUTE);
    expect(outages()).to.deep.equal([["shop/a", 0]]);
    set("a", true, NOW + 2 * MINUTE);
    set("a", false, NOW + 4 * MINUTE);
    expect(outages()).to.deep.equal([["shop/a", 4]]);
  });

  it("is known after a restart by its end: what was complete became available later than it was complete", () => {
    const { set, outages } = settled();
    set("a", true, 2 * MINUTE);
    set("b", true, MINUTE);
    const inMinutes = (2 * MINUTE - NOW) / MINUTE;
    expect(outages(3 * MINUTE)).to.deep.equal([["shop/a", inMinutes]]);
    set("a", true, 2 * MINUTE);
    expect(outages(2 * MINUTE + 16 * MINUTE)).to.deep.equal([]);
  });

  it("is forgotten a quarter of an hour after its end, and when its workload is rolled out or gone", () => {
    const { set, outages } = settled("a", "b");
    set("a", false, NOW);
    set("a", true, NOW + MINUTE);
    expect(outages(NOW + 16 * MINUTE)).to.have.length(1);
    expect(outages(NOW + 16 * MINUTE + 1)).to.have.length(0);
    set("b", false, NOW);
    set("b", undefined);
    expect(outages()).to.deep.equal([]);
  });

  it("is not the workload's own", () => {
    const { set, outages } = settled("checkout");
    set("checkout", false);
    expect(outages()).to.deep.equal([]);
  });

  it("is listed with those of its own namespace first, the oldest first, and no more than fifty", () => {
    const { set, outages } = settled();
    set("other/z", false, NOW - 3 * MINUTE);
    set("b", false, NOW);
    set("a", false, NOW + MINUTE);
    expect(outages().map(([name]) => name)).to.deep.equal(["shop/b", "shop/a", "other/z"]);
    for (let count = 0; count < 60; count++) set(`n${count}/x`, false);
    expect(outages()).to.have.length(50);
  });
});
