import { expect } from "chai";
import type { Condition, Pod } from "../../api-server/kinds.ts";
import { deletionOrder } from "./deletion-order.ts";

const NOW = Date.parse("2026-01-01T01:00:00Z");

interface Traits {
  readonly node?: string | undefined;
  readonly phase?: "Pending" | "Running" | "Unknown";
  /** Since so many seconds. */
  readonly readyFor?: number | undefined;
  readonly cost?: string;
  readonly restarts?: number;
  readonly age?: number;
}

function pod(uid: string, traits: Traits = {}): Pod {
  const { node, phase = "Running", readyFor, cost, restarts = 0, age = 600 } = { node: "n1", ...traits };
  const at = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
  const ready: Condition[] =
    readyFor === undefined ? [] : [{ type: "Ready", status: "True", lastTransitionTime: at(readyFor) }];
  const annotations = cost === undefined ? {} : { "controller.kubernetes.io/pod-deletion-cost": cost };
  return {
    metadata: { name: uid, uid, creationTimestamp: at(age), annotations },
    spec: { containers: [], nodeName: node },
    status: { phase, conditions: ready, containerStatuses: [{ restartCount: restarts }] },
  } as unknown as Pod;
}

describe("deletionOrder", () => {
  const order = (pods: readonly Pod[], related: readonly Pod[] = pods) =>
    deletionOrder(pods, { now: NOW, related }).map(({ metadata }) => metadata.uid);

  const rules: readonly (readonly [string, Traits, Traits])[] = [
    ["without a node before one that has one", { node: undefined, phase: "Pending" }, { phase: "Pending" }],
    ["pending before unknown", { phase: "Pending" }, { phase: "Unknown" }],
    ["unknown before running", { phase: "Unknown" }, {}],
    ["not ready before ready", {}, { readyFor: 10 }],
    ["not ready before ready, whatever its cost", { cost: "100" }, { readyFor: 10, cost: "-100" }],
    ["of a lower deletion cost", { readyFor: 500, cost: "-5" }, { readyFor: 10 }],
    ["ready for a shorter time", { readyFor: 10 }, { readyFor: 500 }],
    [
      "ready for a shorter time, however often others restarted",
      { readyFor: 10 },
      { readyFor: 500, restarts: 9 },
    ],
    ["restarted more often", { readyFor: 10, restarts: 3 }, { readyFor: 10, restarts: 1 }],
    ["younger", { age: 20 }, { age: 900 }],
  ];
  for (const [rule, first, second] of rules) {
    it(`gives up a pod first that is ${rule}`, () => {
      expect(order([pod("a", second), pod("z", first)])).to.deep.equal(["z", "a"]);
      expect(order([pod("z", first), pod("a", second)])).to.deep.equal(["z", "a"]);
    });
  }

  it("gives up pods first on nodes where there are more of them", () => {
    const pods = [pod("a", { node: "n1" }), pod("b", { node: "n2" })];
    expect(order(pods, [...pods, pod("other", { node: "n2" })])).to.deep.equal(["b", "a"]);
  });

  it("takes ages of the same order of magnitude for equal, and lets the uid decide", () => {
    expect(order([pod("b", { readyFor: 300 }), pod("a", { readyFor: 310 })])).to.deep.equal(["a", "b"]);
    expect(order([pod("b", { readyFor: 310 }), pod("a", { readyFor: 300 })])).to.deep.equal(["a", "b"]);
  });

  it("takes a cost that is no number for none", () => {
    expect(order([pod("b", { cost: "-1" }), pod("a", { cost: "cheap" })])).to.deep.equal(["b", "a"]);
  });
});
