import { expect } from "chai";
import { rolloutGuardStatusSchema } from "../api/rollout-guard.ts";
import { decide } from "./decide.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import type { WorkloadView } from "./snapshot/workload.ts";
import { lostReadiness, notReadyYet } from "./testing/a-pod.ts";
import { GOOD, NEW, remembered } from "./testing/a-revision.ts";
import { anIncident } from "./testing/an-incident.ts";
import { decisionIn, effectsOf, expectLeftAlone, statusAfter } from "./testing/expect-decision.ts";
import {
  completedAfter,
  crashing,
  guardMadeAfter,
  wanting,
  withGuard,
  withIncidents,
  withOthers,
  withoutWorkload,
  withPods,
  withSpec,
  withStatus,
  withWorkload,
} from "./testing/facts.ts";
import { later, minutes, seconds, T0, written } from "./testing/instants.ts";
import { aFirstRollout, aRollout, aSettledWorkload, at, given, ledger, type Scene } from "./testing/scene.ts";
import { runUntilSettled } from "./testing/small-world.ts";
import { snapshotOf } from "./testing/snapshot-of.ts";

const complete = completedAfter(seconds(10));

function conditionAfter(scene: Scene, type: string) {
  return statusAfter(scene).conditions?.find((condition) => condition.type === type);
}

describe("decide, the guard's status", () => {
  it("says in one word where the rollout stands", () => {
    expect(statusAfter(aSettledWorkload()).phase).to.equal("Healthy");
    expect(statusAfter(aRollout(complete)).phase).to.equal("Baking");
    expect(statusAfter(aRollout(withPods(3, notReadyYet), at(seconds(9)))).phase).to.equal("Progressing");
    expect(statusAfter(aRollout(crashing, withSpec({ mode: "Observe" }))).phase).to.equal("Failing");
  });

  it("keeps to its schema", () => {
    for (const scene of [aRollout(), aRollout(crashing, withSpec({ mode: "Observe" })), aFirstRollout()]) {
      const status = statusAfter(scene);
      expect(rolloutGuardStatusSchema.parse(status)).to.deep.equal(status);
    }
  });

  it("names what the Deployment asks for, since when, and how many pods were wanted then", () => {
    const starting = withPods(3, notReadyYet);
    const first = statusAfter(aRollout(withStatus({ current: undefined }), starting));
    expect(first.current).to.deep.equal({
      hash: NEW.hash,
      revision: 2,
      images: ["registry.example/checkout:2"],
      since: written(T0),
      replicas: 3,
    });
    expect(statusAfter(aRollout(withStatus(first), starting, wanting(7))).current?.replicas).to.equal(3);
  });

  it("remembers when this rollout was complete, also one of a revision that was good before", () => {
    for (const facts of [[], [ledger(remembered(NEW, "Good"), remembered(GOOD, "Good"))]]) {
      const scene = aRollout(...facts, withWorkload({ conditions: [] }), at(minutes(2)));
      const status = statusAfter(scene);
      expect(status.current?.completedAt).to.equal(written(scene.now));
      const baked = given(scene, withStatus(status), at(minutes(7)));
      expect(statusAfter(baked).current?.provenAt).to.equal(written(baked.now));
    }
  });

  it("names the Deployment that its ledger is about", () => {
    expect(statusAfter(aRollout()).targetUid).to.equal("uid-of-deployment");
    const recreated = aRollout(withStatus(statusAfter(aRollout())), withWorkload({ uid: "another" }));
    expect(statusAfter(recreated).targetUid).to.equal("another");
  });

  it("counts no Incident of an older guard of the same Deployment, and names none", () => {
    const ended = anIncident({ phase: "Recovered", sentAt: T0 });
    const status = statusAfter(
      aRollout(withIncidents(ended), withGuard({ olderGuard: "first", status: {} })),
    );
    expect(status).to.include({ phase: "Waiting", incidents: 0, rollbacks: 0 });
    expect(status).to.not.have.any.keys("activeIncident", "lastIncident");
  });

  it("answers the generation of the spec that it judged by", () => {
    const scene = aRollout(withGuard({ generation: 7 }));
    expect(statusAfter(scene).observedGeneration).to.equal(7);
    expect(conditionAfter(scene, "Ready")?.observedGeneration).to.equal(7);
  });

  it("is Healthy True, False or Unknown with the same reason as the decision", () => {
    expect(conditionAfter(aRollout(complete), "Healthy")).to.deep.include({
      status: "True",
      reason: "RolloutBaking",
    });
    expect(conditionAfter(aRollout(crashing, withSpec({ mode: "Observe" })), "Healthy")).to.deep.include({
      status: "False",
      reason: "CrashLooping",
    });
    expect(conditionAfter(aRollout(wanting(0)), "Healthy")).to.deep.include({
      status: "Unknown",
      reason: "ScaledToZero",
    });
  });

  it("moves a transition time only when the status changes", () => {
    const first = statusAfter(aRollout(complete));
    const baked = given(aRollout(complete), withStatus(first), at(minutes(9)));
    const condition = conditionAfter(baked, "Healthy");
    expect(condition).to.deep.include({ reason: "RolloutGood" });
    expect(condition?.lastTransitionTime).to.equal(written(later(minutes(1))));
  });

  it("names the open Incident, and the last one when it has ended", () => {
    const held = statusAfter(aRollout(crashing, withSpec({ mode: "Observe" })));
    expect([held.activeIncident, held.lastIncident, held.incidents]).to.deep.equal([
      NEW.source.name,
      NEW.source.name,
      1,
    ]);
    const over = aSettledWorkload(
      withOthers(NEW),
      withStatus(held),
      withIncidents(anIncident({ phase: "Superseded" })),
    );
    expect(statusAfter(over)).not.to.have.property("activeIncident");
    expect(statusAfter(over).lastIncident).to.equal(NEW.source.name);
    expect(statusAfter(over).incidents).to.equal(1);
  });

  it("waits while a rollback is under way: its Incident tells the story", () => {
    expect(effectsOf(decisionIn(aRollout(crashing)), "updateGuardStatus")).to.deep.equal([]);
  });

  describe("when the guard cannot do its work", () => {
    const invalid = withGuard({ spec: { invalid: "spec.bakeTime: must be from 10s to 24h" } });
    const obstacles = {
      InvalidSpec: aRollout(crashing, invalid),
      DuplicateGuard: aRollout(crashing, withGuard({ olderGuard: "first" })),
      TargetNotFound: aRollout(crashing, withoutWorkload),
    } as const;

    for (const [reason, scene] of Object.entries(obstacles) as [keyof typeof obstacles, Scene][]) {
      it(`is not Ready because of ${reason}, and judges nothing`, () => {
        const decision = expectLeftAlone(scene, "Waiting", reason);
        expect(conditionAfter(scene, "Ready")).to.deep.include({
          status: "False",
          reason,
          message: decision.message,
        });
        expect(conditionAfter(scene, "Healthy")?.status).to.equal("Unknown");
      });
    }

    it("says what is wrong in a sentence", () => {
      expect(decisionIn(obstacles.InvalidSpec).message).to.contain("must be from 10s to 24h");
      expect(decisionIn(obstacles.DuplicateGuard).message).to.contain("RolloutGuard first already guards");
      expect(decisionIn(obstacles.TargetNotFound).message).to.contain(
        "no Deployment checkout in namespace shop",
      );
    });

    it("forgets nothing that it knew", () => {
      expect(statusAfter(obstacles.TargetNotFound).revisions?.map(({ hash }) => hash)).to.deep.equal([
        GOOD.hash,
      ]);
    });
  });

  describe("while a new template has no ReplicaSet yet", () => {
    const changed = withWorkload({ templateKey: "newer" });

    it("stays as it is: the state is one of a moment", () => {
      const { snapshot, decisions } = runUntilSettled(snapshotOf(aSettledWorkload()), T0 + minutes(60));
      const before = decisions.at(-1);
      const between = { ...snapshot, workload: { ...aWorkloadOf(snapshot), templateKey: "newer" } };
      expect(decide(between, T0 + minutes(60))).to.include({ phase: before?.phase, reason: before?.reason });
      expect(decide(between, T0 + minutes(60)).effects).to.deep.equal([]);
    });

    it("says why when Kubernetes cannot make it", () => {
      const refusal = {
        type: "Progressing",
        status: "False",
        reason: "ReplicaSetCreateError",
        message: 'Failed to create new replica set "checkout-1": quota exceeded',
        transitionAt: T0,
        updatedAt: T0,
      } as const;
      const decision = decisionIn(aRollout(changed, withWorkload({ conditions: [refusal] })));
      expect(decision).to.include({ phase: "Progressing", reason: "CreateFailed", message: refusal.message });
      expect(decision.effects.map(({ type }) => type)).to.deep.equal(["updateGuardStatus"]);
    });
  });

  describe("comes to rest: a second pass has nothing to do", () => {
    const scenes: Readonly<Record<string, Scene>> = {
      "a settled Deployment": aSettledWorkload(),
      "a rollout that goes on": aRollout(withPods(3, notReadyYet), at(seconds(20))),
      "a rollout that bakes": aRollout(complete),
      "a rollout that has just become good": aRollout(complete, at(minutes(9))),
      "a rollout that failed and is held": aRollout(crashing, withSpec({ mode: "Observe" })),
      "a first deployment that is bad": aFirstRollout(crashing),
      "a rollout that degrades and is vetoed": aRollout(
        complete,
        withPods(3, lostReadiness(later(seconds(30)))),
        withWorkload({ veto: "no" }),
      ),
      "a guard made later": aRollout(complete, guardMadeAfter(minutes(9)), at(minutes(10))),
      "a Deployment at zero": aRollout(wanting(0)),
      "no Deployment": aRollout(withoutWorkload),
      "a completed revision whose condition is gone": aRollout(withWorkload({ conditions: [] })),
    };

    for (const [name, scene] of Object.entries(scenes)) {
      it(name, () => {
        const run = runUntilSettled(snapshotOf(scene), scene.now);
        expect(run.decisions.at(-1)?.effects).to.deep.equal([]);
        expect(run.decisions).to.have.length(2);
        expect(run.decisions[1]?.message).to.equal(run.decisions[0]?.message);
        const aSecondLater = runUntilSettled(run.snapshot, scene.now + 1_000);
        expect(aSecondLater.decisions[0]?.effects).to.deep.equal([]);
      });
    }
  });
});

function aWorkloadOf({ workload }: Snapshot): WorkloadView {
  if (!workload) throw new Error("the scene has no Deployment");
  return workload;
}
