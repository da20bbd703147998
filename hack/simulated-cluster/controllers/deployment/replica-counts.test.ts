import { expect } from "chai";
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";
import { exampleDeployment } from "../../example-manifests.ts";
import { newSetReplicas, oldSetScaleDowns, proportionalReplicas, rollingLimits } from "./replica-counts.ts";

const deployment = (
  replicas: number,
  maxSurge: number | string,
  maxUnavailable: number | string,
): Deployment => {
  const strategy = { type: "RollingUpdate" as const, rollingUpdate: { maxSurge, maxUnavailable } };
  return { ...exampleDeployment({ spec: { replicas, strategy } }), status: {} } as unknown as Deployment;
};

function set(name: string, replicas: number, available: number, max = 4): ReplicaSet {
  const annotations = { "deployment.kubernetes.io/max-replicas": String(max) };
  const metadata = { name, uid: name, creationTimestamp: "2026-01-01T00:00:00Z", annotations };
  return { metadata, spec: { replicas }, status: { availableReplicas: available } } as unknown as ReplicaSet;
}

describe("rollingLimits", () => {
  it("rounds a surge up and an unavailability down", () => {
    expect(rollingLimits(deployment(5, "25%", "25%"))).to.deep.equal({ maxSurge: 2, maxUnavailable: 1 });
  });

  it("never lets both be 0", () => {
    expect(rollingLimits(deployment(3, "0%", "25%"))).to.deep.equal({ maxSurge: 0, maxUnavailable: 1 });
  });
});

describe("newSetReplicas", () => {
  it("grows as far as the surge allows", () => {
    expect(newSetReplicas(deployment(3, 1, 1), [set("old", 3, 3)], 0)).to.equal(1);
    expect(newSetReplicas(deployment(3, 1, 1), [set("old", 2, 2), set("new", 1, 0)], 1)).to.equal(2);
  });

  it("stays where it is while there is no room", () => {
    expect(newSetReplicas(deployment(3, 1, 0), [set("old", 3, 3), set("new", 1, 0)], 1)).to.equal(1);
  });
});

describe("oldSetScaleDowns", () => {
  const sizes = (limits: Deployment, newSet: ReplicaSet, ...old: ReplicaSet[]) => {
    const plan = oldSetScaleDowns(limits, newSet, old);
    return Object.fromEntries(
      old.map((each) => [
        each.metadata.name,
        plan.find(({ set: planned }) => planned === each)?.steps.at(-1) ?? each.spec.replicas,
      ]),
    );
  };

  it("keeps what availability needs", () => {
    expect(sizes(deployment(3, 1, 1), set("new", 2, 0), set("old", 2, 2))).to.deep.equal({ old: 2 });
    expect(sizes(deployment(3, 1, 1), set("new", 2, 1), set("old", 2, 2))).to.deep.equal({ old: 1 });
  });

  it("does not trust the status of a ReplicaSet that was just scaled down", () => {
    expect(sizes(deployment(4, 2, 0), set("new", 3, 2), set("old", 3, 4))).to.deep.equal({ old: 2 });
  });

  it("gives up unhealthy replicas first, so that a rollback away from them is quick", () => {
    expect(sizes(deployment(3, 1, 1), set("good", 2, 2), set("bad", 2, 0))).to.deep.equal({ bad: 0 });
  });
});

describe("proportionalReplicas", () => {
  it("shares new replicas by size and gives the rest to the largest", () => {
    const sizes = proportionalReplicas(deployment(10, 2, 1), [set("a", 4, 4, 6), set("b", 2, 2, 6)]);
    expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).to.equal(12);
    expect(sizes.get("a")).to.be.greaterThan(sizes.get("b") ?? 0);
  });
});
