import { assert, expect } from "chai";
import { freezeStep } from "../../api/incident-step.ts";
import type { Decision } from "../decision.ts";
import type { PauseOrResume } from "../effects/change.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { beingDeleted, imageMissing, lostReadiness, notReadyYet, readyAfter } from "../testing/a-pod.ts";
import { GOOD, NEW } from "../testing/a-revision.ts";
import { anIncident, anUndo } from "../testing/an-incident.ts";
import { decisionIn, effectsOf, incidentAfter } from "../testing/expect-decision.ts";
import {
  andPods,
  withGuard,
  withIncidents,
  withOldPods,
  withPods,
  withService,
  withSpec,
  withSurroundings,
  withWorkload,
} from "../testing/facts.ts";
import { later, minutes, seconds, written } from "../testing/instants.ts";
import { aRestoredWorkload, at, type Fact, type Scene } from "../testing/scene.ts";
import { runUntilSettled } from "../testing/small-world.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";

const SENT_AT = later(minutes(1));
const NAME = NEW.source.name;
const VERIFYING = anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 4 });
const MEANT_AT = written(later(minutes(9.5)));
const FREEZE = { ...anUndo(SENT_AT), action: "Freeze" as const, startedAt: MEANT_AT };

/** The Incident with the intent to stop its rollback. */
function meantToFreeze(incident: IncidentView): IncidentView {
  const { status } = incident;
  assert(status);
  return { ...incident, status: { ...status, steps: [...(status.steps ?? []), FREEZE] } };
}

const NOT_RECOVERED = meantToFreeze(anIncident({ phase: "NotRecovered", sentAt: SENT_AT, generation: 4 }));
const noImage = imageMissing(later(seconds(62)));
const paused = withWorkload({ isPaused: true, pausedFor: NAME });
const resumed = withWorkload({ isPaused: false, pausedFor: NAME });

/** The image of the restored revision is gone from the registry, and two pods of the failed revision still serve. */
function cannotStart(...facts: readonly Fact[]): Scene {
  return aRestoredWorkload(
    at(minutes(10)),
    withPods(1, noImage),
    withOldPods(2),
    withIncidents(VERIFYING),
    ...facts,
  );
}

/** The same, and the rollback is stopped. */
function stopped(...facts: readonly Fact[]): Scene {
  return cannotStart(withIncidents(NOT_RECOVERED), paused, ...facts);
}

function changeIn(decision: Decision): PauseOrResume | undefined {
  const [effect] = effectsOf(decision, "change");
  assert(effect?.change.do !== "restoreTemplate", "it rolls back");
  return effect?.change;
}

const expectPaused = (scene: Scene) => expect(changeIn(decisionIn(scene))?.do).to.equal("pauseRollout");
const expectResumed = (scene: Scene) => expect(changeIn(decisionIn(scene))?.do).to.equal("resumeRollout");
const expectUntouched = (scene: Scene) => expect(changeIn(decisionIn(scene))).to.equal(undefined);

describe("a rollback whose pods do not start, while pods of the failed revision serve", () => {
  it("is stopped by a pause of the very Deployment that was judged, and the Incident says so before", () => {
    const decision = decisionIn(cannotStart());
    expect(changeIn(decision)).to.deep.equal({
      do: "pauseRollout",
      on: { kind: "Deployment", name: "checkout" },
      expect: { uid: "uid-of-deployment", generation: 4 },
      why: { incident: NAME },
    });
    const { phase, message, steps } = incidentAfter(cannotStart(), NAME);
    expect(phase).to.equal("Verifying");
    expect(message).to.equal(
      "Stopping the rollback: the pods of revision 3 (5d8f6c7b94) do not start, and 2 pods of revision 2 (596f7cbf4b) still serve traffic.",
    );
    expect(steps?.map(({ action }) => action)).to.deep.equal(["Undo", "Freeze"]);
  });

  it("ends as NotRecovered once it is paused, and says what that means and how to go on", () => {
    const scene = cannotStart(withIncidents(meantToFreeze(VERIFYING)), paused);
    const { phase, message, steps } = incidentAfter(scene, NAME);
    expect(phase).to.equal("NotRecovered");
    expect(message).to.contain("is paused to keep 2 pods of revision 2 (596f7cbf4b) in service");
    expect(message).to.contain("kubectl rollout resume deployment/checkout -n shop");
    expect(freezeStep({ steps })?.startedAt).to.equal(FREEZE.startedAt);
    expectUntouched(scene);
  });

  it("is stopped once, and comes to rest", () => {
    const run = runUntilSettled(snapshotOf(cannotStart()), later(minutes(10)));
    const changes = run.decisions.flatMap((decision) => effectsOf(decision, "change"));
    expect(changes.map(({ change }) => change.do)).to.deep.equal(["pauseRollout"]);
    expect(run.snapshot.workload).to.deep.include({ isPaused: true, pausedFor: NAME });
    expect(run.snapshot.incidents[0]?.status?.phase).to.equal("NotRecovered");
  });

  it("ends as NotRecovered also when its pods seem to start at the very moment of the pause", () => {
    const scene = cannotStart(withIncidents(meantToFreeze(VERIFYING)), paused, at(seconds(70)));
    expect(incidentAfter(scene, NAME)).to.deep.include({ phase: "NotRecovered" });
    expectUntouched(scene);
  });

  it("is paused without another word where only the intent was written", () => {
    const decision = decisionIn(cannotStart(withIncidents(meantToFreeze(VERIFYING))));
    expect(changeIn(decision)?.do).to.equal("pauseRollout");
    expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
  });

  describe("is not stopped", () => {
    const never: Readonly<Record<string, Fact>> = {
      "where no pod of the failed revision is ready": withOldPods(2, notReadyYet),
      "where those that are ready are being deleted": withOldPods(2, beingDeleted),
      "where no Service sends them anything": withService({ selector: { app: "another" } }),
      "with the strategy Recreate, which has ended them": withWorkload({ strategy: "Recreate" }),
      "where a person has paused it": withWorkload({ isPaused: true }),
      "in a change that is not observed yet": withWorkload({ observedGeneration: 3 }),
      "by a guard that only observes": withSpec({ mode: "Observe" }),
      "by an operator that only observes": withSurroundings({ observeOnly: true }),
      "when a person asked for it": withIncidents(
        anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 4, kind: "Manual" }),
      ),
    };
    for (const [where, fact] of Object.entries(never)) {
      it(where, () => expectUntouched(cannotStart(fact)));
    }

    it("while its pods can still start", () => {
      expectPaused(cannotStart());
      expectUntouched(cannotStart(at(seconds(70))));
    });

    it("when the API server has refused the pause for a minute: the Incident ends without it", () => {
      const scene = cannotStart(withIncidents(meantToFreeze(VERIFYING)), at(minutes(10.6)));
      expectUntouched(scene);
      expect(incidentAfter(scene, NAME).message).to.contain("RolloutGuard will not try again");
    });

    it("again when a person has resumed it: that wins, and the mark of the pause goes", () => {
      const scene = cannotStart(withIncidents(meantToFreeze(VERIFYING)), resumed);
      expectUntouched(scene);
      expect(incidentAfter(scene, NAME).phase).to.equal("NotRecovered");
      expect(incidentAfter(scene, NAME).message).not.to.contain("is paused");
      expectResumed(cannotStart(withIncidents(NOT_RECOVERED), resumed));
      expectUntouched(cannotStart(withIncidents(NOT_RECOVERED)));
    });
  });
});

describe("a pause that stops a rollback", () => {
  it("stays while it is of use, and is looked at again", () => {
    const decision = decisionIn(stopped());
    expect(changeIn(decision)).to.equal(undefined);
    expect(decision.phase).to.equal("NotRecovered");
    expect(decision.wakeAt).to.equal(later(minutes(11)));
  });

  it("stays when an autoscaler scales the Deployment", () => {
    expectUntouched(stopped(withWorkload({ generation: 9, observedGeneration: 9, desiredReplicas: 6 })));
  });

  it("stays while what serves, or what starts, has changed for a moment only", () => {
    expectUntouched(stopped(withOldPods(2, lostReadiness(later(minutes(9.5))))));
    expectUntouched(stopped(withPods(1, readyAfter(minutes(9.5)))));
  });

  describe("ends", () => {
    const template = { templateKey: "another template", generation: 7, observedGeneration: 7 };
    const newer = anIncident({ of: NEW, name: "newer", phase: "Held", detectedAt: later(minutes(9)) });
    const over: Readonly<Record<string, Fact>> = {
      "when another template is applied, which would not roll out under it": withWorkload(template),
      "when the failed template is put back": (scene) => ({ ...scene, current: NEW, others: [GOOD] }),
      "when the pods of the restored revision were ready for a minute": withPods(3),
      "when no pod of the failed revision is left": withOldPods(0),
      "when none has served for a minute": withOldPods(2, lostReadiness(later(minutes(5)))),
      "when the Deployment is scaled to zero": (scene) => ({ ...scene, oldPods: [], pods: [] }),
      "when its Incident was deleted": withIncidents(),
      "when its Incident has ended otherwise": withIncidents(
        anIncident({ phase: "Superseded", sentAt: SENT_AT }),
      ),
      "when another Incident came": withIncidents(NOT_RECOVERED, newer),
      "when the guard only observes from now on": withSpec({ mode: "Observe" }),
      "when the guard's spec is not valid any more": withGuard({ spec: { invalid: "spec.bakeTime: no" } }),
    };
    for (const [when, fact] of Object.entries(over)) {
      it(when, () => expectResumed(stopped(fact)));
    }

    it("with nothing else in the same pass, and everything after it", () => {
      const scene = stopped(withPods(3), andPods(0));
      expect(decisionIn(scene).effects.map(({ type }) => type)).to.deep.equal(["change"]);
      const run = runUntilSettled(snapshotOf(scene), scene.now);
      expect(run.snapshot.workload).to.deep.include({ isPaused: false, pausedFor: undefined });
    });
  });

  describe("is left", () => {
    const left: Readonly<Record<string, Fact>> = {
      "by an operator that must not change anything": withSurroundings({ observeOnly: true }),
      "to the older guard": withGuard({ olderGuard: "older" }),
      "where the Deployment is being deleted": withWorkload({ isDeleting: true }),
    };
    for (const [why, fact] of Object.entries(left)) {
      it(why, () => expectUntouched(stopped(withOldPods(0), fact)));
    }

    it("to the person who made it: a pause without RolloutGuard's mark is never ended", () => {
      expectUntouched(stopped(withOldPods(0), withWorkload({ isPaused: true, pausedFor: undefined })));
    });
  });
});
