import { expect } from "chai";
import type { Question } from "../../../domain/snapshot/question.ts";
import { Caches } from "../../../kube/caches/caches.ts";
import type { RawObject } from "../../../kube/objects.ts";
import { ManualClock } from "../../../kube/testing/manual-clock.ts";
import { rawDeployment, rawGuard, rawPod, rawReplicaSet } from "../../../kube/testing/raw-objects.ts";
import { Asking } from "./asking.ts";

/** A Deployment whose only pod no node takes, as a recorder sees it. */
function aNamespace(guards: readonly RawObject[] = []) {
  const clock = new ManualClock(Date.parse("2026-03-01T10:00:05Z"));
  const caches = new Caches();
  const asked: Question[] = [];
  const recorded: unknown[] = [];
  const asking = new Asking({
    caches,
    answers: {
      answer: async (question) => {
        asked.push(question);
        if (asked.length === 2) throw new Error("too busy");
        return [];
      },
    },
    recorder: { answer: (about, key, answer) => recorded.push({ about, key, ...answer }) },
    clock,
    namespace: "shop",
    guards,
  });
  const put = (resource: "deployments" | "replicasets" | "pods", object: RawObject) =>
    caches.apply(resource, "ADDED", object, clock.now());
  const unplaced = {
    phase: "Pending",
    containerStatuses: [],
    conditions: [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        lastTransitionTime: "2026-03-01T10:00:01Z",
      },
    ],
  };
  put("deployments", rawDeployment("web", { status: { readyReplicas: 0, availableReplicas: 0 } }));
  put("replicasets", rawReplicaSet("web", "aaaa"));
  put("pods", rawPod("web-aaaa-1", "web-aaaa", { spec: { nodeName: undefined }, status: unplaced }));
  const settle = () => new Promise((resolve) => setTimeout(resolve, 10));
  return { asking, clock, asked, recorded, settle };
}

describe("Asking", () => {
  it("asks what a guard would ask, and records what is answered, or why there is no answer", async () => {
    const { asking, clock, asked, recorded, settle } = aNamespace();
    asking.start();
    await settle();
    expect(asked.map(({ ask }) => ask)).to.deep.equal(["podEvents"]);
    clock.advance(15_000);
    await settle();
    expect(recorded).to.deep.equal([
      { about: "web", key: "podEvents", value: [] },
      { about: "web", key: "podEvents", unavailable: "too busy" },
    ]);
    asking.stop();
    clock.advance(60_000);
    expect(asked).to.have.length(2);
    expect(clock.pending).to.equal(0);
  });

  it("asks nothing before everything has been read", async () => {
    const { asked, settle } = aNamespace();
    await settle();
    expect(asked).to.deep.equal([]);
  });

  it("decides as the guard that is there says: one with a wrong spec asks nothing", async () => {
    const wrong = rawGuard("of-web", "web", { spec: { mode: "nonsense" } });
    const { asking, asked, settle } = aNamespace([wrong]);
    asking.start();
    await settle();
    expect(asked).to.deep.equal([]);
    asking.stop();
  });
});
