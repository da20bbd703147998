import { expect } from "chai";
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import { wanting, withPods, withWorkload } from "../../domain/testing/facts.ts";
import { later, seconds, T0, written } from "../../domain/testing/instants.ts";
import { aRollout, type Fact } from "../../domain/testing/scene.ts";
import { snapshotOf } from "../../domain/testing/snapshot-of.ts";
import { settledHealth } from "./settled-health.ts";

/** A complete Deployment that became available or unavailable so long after it was complete. */
function healthOf(
  isAvailable: boolean,
  afterMs: number,
  guards: readonly RolloutGuardStatus[] = [],
  ...facts: readonly Fact[]
) {
  const base = { reason: "", message: "", updatedAt: T0 };
  const conditions = [
    { ...base, type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", transitionAt: T0 },
    { ...base, type: "Available", status: isAvailable ? "True" : "False", transitionAt: later(afterMs) },
  ] as const;
  const { workload } = snapshotOf(aRollout(withWorkload({ conditions }), ...facts));
  return workload && settledHealth(workload, guards);
}

const healthy: RolloutGuardStatus = { phase: "Healthy" };
const failing: RolloutGuardStatus = { phase: "Failing" };
const proven: RolloutGuardStatus = {
  phase: "Failing",
  current: { hash: "a", revision: 1, images: [], since: written(T0), provenAt: written(T0) },
};

describe("whether a workload is settled, and how it is", () => {
  it("is known of one without a guard that is available, or has run for a minute before it was not", () => {
    expect(healthOf(true, 0)).to.include({ isAvailable: true });
    expect(healthOf(false, seconds(61))).to.include({ isAvailable: false, changedAt: later(seconds(61)) });
    expect(healthOf(false, seconds(60)), "its own release's doing").to.equal(undefined);
  });

  it("is known of a guarded one when its guard calls it healthy, or its rollout has proven itself", () => {
    expect(healthOf(false, seconds(5), [healthy])).to.include({ isAvailable: false });
    expect(healthOf(false, seconds(5), [proven])).to.include({ isAvailable: false });
    expect(healthOf(false, seconds(500), [failing])).to.equal(undefined);
    expect(healthOf(false, seconds(500), [failing, healthy])).to.include({ isAvailable: false });
  });

  it("is not known of one in a rollout, nor of one without pods", () => {
    expect(healthOf(false, seconds(500), [], withPods(2))).to.equal(undefined);
    expect(healthOf(false, seconds(500), [], wanting(0), withPods(0))).to.equal(undefined);
    const unseen = withWorkload({ generation: 9 });
    expect(healthOf(false, seconds(500), [], unseen)).to.equal(undefined);
  });
});
