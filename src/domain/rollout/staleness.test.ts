import { expect } from "chai";
import { aRollout } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { isBehind } from "./staleness.ts";

describe("isBehind", () => {
  const snapshot = snapshotOf(aRollout());
  const [revision] = snapshot.revisions.filter(({ readyReplicas }) => readyReplicas > 0);

  it("is false while the ReplicaSet and the pods agree", () => {
    expect(isBehind(snapshot, revision?.hash ?? "")).to.equal(false);
  });

  it("is true when pods have become ready that are not known of", () => {
    const pods = snapshot.pods.map((pod) => ({ ...pod, isReady: false }));
    expect(isBehind({ ...snapshot, pods }, revision?.hash ?? "")).to.equal(true);
  });

  it("is false for a revision that is gone", () => {
    expect(isBehind(snapshot, "gone")).to.equal(false);
  });
});
