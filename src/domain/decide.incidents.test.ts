import { assert, expect } from "chai";
import { incidentSpecSchema, incidentStatusSchema } from "../api/incident.ts";
import { undoStep } from "../api/incident-step.ts";
import { decide } from "./decide.ts";
import { imageMissing, notReadyYet } from "./testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "./testing/a-revision.ts";
import { labels } from "./testing/a-template.ts";
import { afterRestart } from "./testing/after-restart.ts";
import { anIncident, anUndo } from "./testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectHeld,
  expectLeftAlone,
  expectRollback,
  incidentAfter,
} from "./testing/expect-decision.ts";
import {
  andPods,
  anOutage,
  changing,
  completedAfter,
  crashing,
  deadlineExceededAt,
  guardMadeAfter,
  losingService,
  withCurrent,
  withGuard,
  withIncidents,
  withOldPods,
  withOthers,
  withoutWorkload,
  withPods,
  withService,
  withSpec,
  withStatus,
  withSurroundings,
  withWorkload,
} from "./testing/facts.ts";
import { earlier, later, minutes, seconds, T0, written } from "./testing/instants.ts";
import { aRestoredWorkload, aRollout, aSettledWorkload, at, type Fact, ledger } from "./testing/scene.ts";
import { runUntil } from "./testing/small-world.ts";
import { snapshotOf } from "./testing/snapshot-of.ts";

const cooldown = { reason: "Cooldown", message: "The last rollback was less than 5m ago." } as const;

describe("decide, Incidents", () => {
  describe("opening", () => {
    it("writes the intent before the act, and nothing else in that pass", () => {
      const decision = expectRollback(aRollout(crashing), GOOD);
      expect(decision.effects.map(({ type }) => type)).to.deep.equal(["openIncident", "change"]);
    });

    it("fixes what failed, what is restored, why, and when", () => {
      const [opened] = effectsOf(decisionIn(aRollout(crashing)), "openIncident");
      assert(opened);
      const { spec } = opened;
      expect(incidentSpecSchema.parse(spec)).to.deep.equal(spec);
      expect(opened.name).to.equal("checkout-596f7cbf4b");
      expect(spec).to.deep.include({
        kind: "Automatic",
        guard: { name: "checkout", uid: "uid-of-guard" },
        target: { kind: "Deployment", name: "checkout", uid: "uid-of-deployment" },
        failedRevision: { hash: NEW.hash, revision: 2, images: ["registry.example/checkout:2"] },
        restoreRevision: { hash: GOOD.hash, revision: 1, images: ["registry.example/checkout:1"] },
        action: "Undo",
        reason: "CrashLooping",
        rolloutStartedAt: written(T0),
        detectedAt: written(later(minutes(1))),
      });
      expect(spec.findings.map(({ check }) => check)).to.deep.equal(["crashLoop"]);
      expect(spec.findings[0]?.evidence.join()).to.contain("DATABASE_URL is not set");
    });

    it("plans the rollback in full: from, to, and the generation that was judged", () => {
      const [rollback] = effectsOf(decisionIn(aRollout(crashing)), "change");
      expect(rollback?.change).to.deep.equal({
        do: "restoreTemplate",
        on: { kind: "Deployment", name: "checkout" },
        expect: { uid: "uid-of-deployment", generation: 4 },
        from: { hash: NEW.hash, revision: 2 },
        to: { hash: GOOD.hash, revision: 1, source: GOOD.source },
        incident: NEW.source.name,
      });
    });

    it("tells in the first status the cause, what the rollout changed, and how long detection took", () => {
      const status = incidentAfter(aRollout(crashing, withSpec({ mode: "Observe" })), NEW.source.name);
      expect(incidentStatusSchema.parse(status)).to.deep.equal(status);
      expect(status.cause).to.equal("EnvironmentVariableMissing");
      expect(status.rootCause).to.contain("DATABASE_URL is not set");
      expect(status.changes).to.deep.equal([
        "container app: image registry.example/checkout:1 → registry.example/checkout:2",
      ]);
      expect(status.secondsToDetect).to.equal(60);
      expect(status.timeline.map(({ what }) => what)).to.deep.equal([
        "RolloutStarted",
        "CrashLooping",
        "ObserveMode",
      ]);
    });

    it("opens another Incident, with a number, when the bad template is applied again", () => {
      const first = anIncident({ phase: "Recovered", sentAt: earlier(minutes(20)) });
      const decision = expectRollback(aRollout(crashing, withIncidents(first)), GOOD);
      expect(effectsOf(decision, "openIncident")[0]?.name).to.equal("checkout-596f7cbf4b-2");
      const second = { ...anIncident({ name: "checkout-596f7cbf4b-2", phase: "Superseded" }) };
      const [third] = effectsOf(decisionIn(aRollout(crashing, withIncidents(first, second))), "openIncident");
      expect(third?.name).to.equal("checkout-596f7cbf4b-3");
    });

    it("opens another Incident when the bad template comes back while the rollback is verified", () => {
      const verifying = anIncident({ phase: "Verifying", sentAt: later(seconds(40)) });
      const scene = aRollout(crashing, withIncidents(verifying), at(minutes(2)));
      const decision = expectHeld(scene, "Cooldown");
      expect(effectsOf(decision, "openIncident")[0]?.name).to.equal("checkout-596f7cbf4b-2");
      expect(incidentAfter(scene, verifying.name).phase).to.equal("Superseded");
    });
  });

  describe("resuming after a restart of the operator", () => {
    it("finishes a rollback whose Incident was opened and nothing else", () => {
      const decision = expectRollback(aRollout(crashing, withIncidents(anIncident())), GOOD);
      expect(decision.effects.map(({ type }) => type)).to.deep.equal(["change"]);
      expect(effectsOf(decision, "change")[0]?.change).to.include({ incident: NEW.source.name });
    });

    it("finishes a rollback that a held Incident had been freed for", () => {
      const incident = anIncident({ phase: "Acting", action: "None", sentAt: later(seconds(50)) });
      const decision = expectRollback(aRollout(crashing, withIncidents(incident)), GOOD);
      expect(decision.effects.map(({ type }) => type)).to.deep.equal(["change"]);
    });

    it("gives a held Incident that has no status yet the one that it should have", () => {
      const scene = aRollout(
        crashing,
        withSpec({ mode: "Observe" }),
        withIncidents(anIncident({ action: "None" })),
      );
      expectHeld(scene, "ObserveMode");
      expect(incidentAfter(scene, NEW.source.name).brake?.reason).to.equal("ObserveMode");
    });

    it("writes down another target before it goes there", () => {
      const better = aRevision("8d7f6c5b4a", 3);
      const scene = aRollout(
        crashing,
        withOthers(GOOD, better),
        ledger(remembered(better, "Good"), remembered(GOOD, "Good")),
        withIncidents(anIncident()),
      );
      const decision = expectRollback(scene, better);
      expect(decision.effects.map(({ type }) => type)).to.deep.equal(["updateIncident", "change"]);
      expect(undoStep(incidentAfter(scene, NEW.source.name))?.to).to.equal(better.hash);
    });
  });

  it("stays held after a restart where going back would not help, although the first sign is counted again", () => {
    const wrongSelector = withService({ selector: { app: "other" }, readyEndpoints: 0 });
    const late = [withPods(1), wrongSelector, deadlineExceededAt(later(minutes(10))), at(minutes(11))];
    const held = expectHeld(aRollout(...late), "WouldNotHelp");
    const message = held.brake?.message ?? "";
    const incident = anIncident({
      phase: "Held",
      reason: "EmptyEndpoints",
      emptyService: "checkout",
      brake: { reason: "WouldNotHelp", message },
      notedAt: later(minutes(11)),
    });
    const scene = aRollout(...late, withIncidents(incident));
    const decision = decide(afterRestart(snapshotOf(scene), scene.now), scene.now);
    expect(effectsOf(decision, "change"), decision.message).to.deep.equal([]);
  });

  describe("while it is held", () => {
    it("acts when the cooldown is over, with the same Incident", () => {
      const sentAt = earlier(minutes(1));
      const other = anIncident({ of: aRevision("other", 0), phase: "Recovered", detectedAt: sentAt, sentAt });
      const scene = aRollout(crashing, withIncidents(other));
      const run = runUntil(snapshotOf(scene), scene.now, later(minutes(4)));
      expect(run.now).to.equal(sentAt + minutes(5));
      const incident = run.snapshot.incidents.find(({ name }) => name === NEW.source.name);
      expect(incident?.status?.timeline.map(({ what }) => what)).to.deep.equal([
        "RolloutStarted",
        "CrashLooping",
        "Cooldown",
        "Acting",
        "Verifying",
      ]);
      expect(run.decisions.flatMap((decision) => effectsOf(decision, "change"))).to.have.length(1);
    });

    it("is reported once, not in every pass", () => {
      const told = withIncidents(
        anIncident({ phase: "Held", brake: { reason: "ObserveMode", message: "" } }),
      );
      const decision = expectHeld(aRollout(crashing, told, withSpec({ mode: "Observe" })), "ObserveMode");
      expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
      expect(effectsOf(decision, "publishEvent")).to.deep.equal([]);
    });

    it("is reported again when another brake takes over", () => {
      const scene = aRollout(
        crashing,
        withIncidents(anIncident({ phase: "Held", brake: cooldown })),
        withWorkload({ isPaused: true }),
      );
      expectHeld(scene, "DeploymentPaused");
      expect(incidentAfter(scene, NEW.source.name).brake?.reason).to.equal("DeploymentPaused");
    });
  });

  it("is taken up by a guard that was made since, which learns from it what worked before", () => {
    const lost = [
      changing(labels({ app: "checkout" })),
      completedAfter(seconds(40)),
      guardMadeAfter(minutes(5)),
    ];
    const held = anIncident({ phase: "Held", reason: "EmptyEndpoints", emptyService: "checkout" });
    expectRollback(aRollout(...lost, withIncidents(held), at(minutes(6))), GOOD);
  });

  describe("when no check fails any more", () => {
    const open = withIncidents(anIncident({ phase: "Acting" }));

    it("does not go back, and watches until the bake time is over", () => {
      const decision = expectHeld(aRollout(completedAfter(seconds(40)), open), "SignsGone", "Baking");
      expect(decision.wakeAt).to.equal(later(seconds(40) + minutes(5)));
    });

    it("calls the guard Progressing while the rollout is not complete: nothing fails any more", () => {
      const slow = [withPods(2), andPods(1, notReadyYet), at(seconds(60))];
      const decision = expectHeld(aRollout(...slow, open), "SignsGone", "Progressing");
      expect(decision.reason).to.equal("SignsGone");
    });

    it("says so once, and looks again even when the bake time is over", () => {
      const watched = anIncident({ phase: "Held", brake: { reason: "SignsGone", message: "" } });
      const lame = [withPods(2), andPods(1, notReadyYet), completedAfter(seconds(40)), at(minutes(9))];
      const decision = expectHeld(aRollout(...lame, withIncidents(watched)), "SignsGone", "Baking");
      expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
      expect(decision.wakeAt).to.equal(later(minutes(9) + seconds(15)));
    });

    it("ends the Incident as recovered, without a rollback, when the rollout has baked", () => {
      const scene = aRollout(completedAfter(seconds(40)), open, at(minutes(6)));
      const decision = expectLeftAlone(scene, "Healthy", "RolloutGood");
      expect(decision.message).to.contain("recovered without a rollback");
      const status = incidentAfter(scene, NEW.source.name);
      expect(status.phase).to.equal("Recovered");
      expect(status.steps).to.equal(undefined);
      expect(status.secondsToRecover).to.equal(330);
    });

    it("tells of no rollback then that was only meant", () => {
      const meant = anIncident({ phase: "Acting", action: "None", sentAt: later(seconds(40)) });
      const scene = aRollout(completedAfter(seconds(40)), withIncidents(meant), at(minutes(6)));
      const { phase, steps } = incidentAfter(scene, NEW.source.name);
      expect([phase, steps]).to.deep.equal(["Recovered", undefined]);
    });

    const paused = { reason: "DeploymentPaused", message: "The Deployment is paused." } as const;

    it("leaves an Incident alone while a check has yet to make up its mind, as after a restart", () => {
      const unsure = withPods(3, imageMissing(later(seconds(55))));
      const opened = anIncident({ phase: "Held", brake: paused, reason: "ImagePullFailing" });
      const decision = decisionIn(aRollout(losingService, unsure, withIncidents(opened), at(minutes(1))));
      expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
      expect(decision).to.include({ phase: "Failing", reason: "ImagePullFailing" });
      expect(decision.message).to.contain("No rollback: The Deployment is paused.");
      expect(decision.wakeAt).to.equal(later(seconds(75)));
    });

    it("leaves a declared intent alone in the same way, and the guard's status with it", () => {
      const unsure = withPods(3, imageMissing(later(seconds(55))));
      const decision = decisionIn(aRollout(unsure, withIncidents(anIncident()), at(minutes(1))));
      expect(decision).to.deep.include({ phase: "RollingBack", effects: [] });
    });

    it("waits half a minute after the last word, so that two operators do not contradict each other on and on", () => {
      const told = anIncident({ phase: "Held", brake: paused, notedAt: later(seconds(50)) });
      const soon = aRollout(completedAfter(seconds(40)), withIncidents(told), at(seconds(79)));
      expect(effectsOf(decisionIn(soon), "updateIncident")).to.deep.equal([]);
      expect(decisionIn(soon).wakeAt).to.equal(later(seconds(80)));
      const halfAMinuteOn = aRollout(completedAfter(seconds(40)), withIncidents(told), at(seconds(80)));
      expect(incidentAfter(halfAMinuteOn, NEW.source.name).brake?.reason).to.equal("SignsGone");
    });

    it("goes back when they return", () => {
      const watched = anIncident({ phase: "Held", brake: { reason: "SignsGone", message: "" } });
      const scene = aRollout(crashing, withIncidents(watched));
      expectRollback(scene, GOOD);
      expect(incidentAfter(scene, NEW.source.name).phase).to.equal("Acting");
      expect(incidentAfter(scene, NEW.source.name).brake).to.equal(undefined);
    });
  });

  it("of a brake repeats the words that were told, though the count in them has changed", () => {
    const down = { settledNearby: 10, outages: anOutage(5) };
    const told = { reason: "WouldNotHelp", message: "4 of 10 are unavailable." } as const;
    const open = anIncident({ phase: "Held", brake: told });
    const decision = expectHeld(
      aRollout(crashing, withSurroundings(down), withIncidents(open)),
      "WouldNotHelp",
    );
    expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
    expect(decision.message).to.contain(told.message);
  });

  for (const phase of ["Verifying", "Recovered"] as const) {
    it(`says nothing of a Deployment that is older than the rollback of an Incident that is ${phase}`, () => {
      const sent = anIncident({ phase, sentAt: later(seconds(40)), generation: 5 });
      const scene = aRollout(crashing, withIncidents(sent), at(minutes(2)));
      expect(decisionIn(scene).effects).to.deep.equal([]);
      const ofAnother = { ...sent, spec: { ...sent.spec, target: { ...sent.spec.target, uid: "former" } } };
      const { effects } = decisionIn(aRollout(crashing, withIncidents(ofAnother), at(minutes(2))));
      expect(effects.length).to.be.above(0);
    });
  }

  it("says nothing of an Incident that is seen as open, after the guard has counted it as ended", () => {
    const open = anIncident({ phase: "Verifying", sentAt: later(seconds(40)), notedAt: later(seconds(40)) });
    const counted = { lastIncident: open.name, incidents: 1, rollbacks: 1, phase: "Healthy" } as const;
    const scene = aRestoredWorkload(withIncidents(open), withStatus(counted), at(minutes(2)));
    expect(decisionIn(scene).effects).to.deep.equal([]);
    const muchLater = aRestoredWorkload(withIncidents(open), withStatus(counted), at(minutes(5)));
    expect(incidentAfter(muchLater, open.name).phase).to.equal("Recovered");
    const waited = withStatus({ ...counted, phase: "Waiting" });
    expect(
      incidentAfter(aRestoredWorkload(withIncidents(open), waited, at(minutes(2))), open.name).phase,
    ).to.equal("Recovered");
  });

  describe("when something else comes", () => {
    const fix = aRevision("6b8c9d7f54", 3, { createdAt: later(seconds(50)) });
    const fixed = [withCurrent(fix), withOthers(NEW, GOOD), withOldPods(0)];

    it("is superseded by a person's fix in the middle of a rollback, which is left alone", () => {
      for (const phase of ["Held", "Acting", "Verifying"] as const) {
        const scene = aRollout(...fixed, withIncidents(anIncident({ phase })));
        expectLeftAlone(scene, "Baking", "RolloutBaking");
        const status = incidentAfter(scene, NEW.source.name);
        expect(status.phase).to.equal("Superseded");
        expect(status.message).to.contain("A newer rollout started: revision 3");
        expect(status.endedAt).to.equal(written(scene.now));
      }
    });

    it("tells of the rollback when it was sent, noted or not, and not when it was only meant", () => {
      const sentAt = later(seconds(40));
      const stepsIn = (incident: ReturnType<typeof anIncident>, ...facts: readonly Fact[]) =>
        incidentAfter(aRollout(...fixed, withIncidents(incident), ...facts), NEW.source.name).steps;
      const saysSo = withWorkload({ rolledBack: { incident: NEW.source.name, at: sentAt } });
      const undo = anUndo(sentAt);
      expect(stepsIn(anIncident({ phase: "Acting", action: "None", sentAt }))).to.equal(undefined);
      expect(stepsIn(anIncident(), saysSo)).to.deep.equal([undo]);
      expect(stepsIn(anIncident({ phase: "Acting", sentAt }), saysSo)).to.deep.equal([undo]);
      const noted = anIncident({ phase: "Verifying", sentAt, generation: 1 });
      expect(stepsIn(noted)).to.deep.equal([{ ...undo, generation: 1 }]);
    });

    it("is superseded by a fix whose ReplicaSet is not there yet", () => {
      const scene = aRollout(
        crashing,
        withWorkload({ templateKey: "template of the fix" }),
        withIncidents(anIncident({ phase: "Acting" })),
      );
      expectLeftAlone(scene, "Progressing", "RolloutProgressing");
      const { phase, message } = incidentAfter(scene, NEW.source.name);
      expect([phase, message]).to.deep.equal(["Superseded", "A newer rollout started."]);
    });

    it("is superseded without a guess at what came when no ReplicaSet tells", () => {
      const unknown = withWorkload({ templateKey: "template of the fix" });
      const gone = aRevision("9f8e7d6c5b", 2);
      const scene = aRollout(unknown, withIncidents(anIncident({ of: gone, phase: "Acting" })));
      expect(incidentAfter(scene, gone.source.name).message).to.equal(
        "Its revision is gone: the Deployment was deleted, or a newer rollout started.",
      );
    });

    it("is superseded when someone rolls back manually", () => {
      const scene = aSettledWorkload(
        withOthers(NEW),
        withOldPods(0),
        withIncidents(anIncident({ phase: "Held" })),
      );
      expectLeftAlone(scene, "Healthy", "RolloutGood");
      expect(incidentAfter(scene, NEW.source.name).message).to.contain("Someone rolled back to revision 1");
    });

    it("is superseded by another tool that rolls back, which is not taken for a person", () => {
      const templateManagers = [
        { name: "argocd-controller", at: later(seconds(40)) },
        { name: "kubectl-client-side-apply", at: earlier(minutes(90)) },
      ];
      const scene = aSettledWorkload(
        withOthers(NEW),
        withOldPods(0),
        withIncidents(anIncident({ phase: "Acting" })),
        withWorkload({ templateManagers }),
      );
      expect(incidentAfter(scene, NEW.source.name).message).to.contain(
        "argocd-controller rolled back to revision 1",
      );
    });

    it("is not superseded by an autoscaler, whose scaling is no rollback", () => {
      const scaled = withWorkload({ generation: 9, observedGeneration: 9, desiredReplicas: 5 });
      const manual = withIncidents(anIncident({ phase: "Acting", kind: "Manual", detectedAt: T0 }));
      const decision = decisionIn(aRollout(crashing, manual, scaled, at(seconds(20))));
      expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
      expect(effectsOf(decision, "change")).to.deep.equal([]);
    });

    it("is superseded when the Deployment is deleted", () => {
      for (const fact of [withoutWorkload, withWorkload({ isDeleting: true })]) {
        const scene = aRollout(crashing, withIncidents(anIncident({ phase: "Held" })), fact);
        expectLeftAlone(scene, "Waiting", "TargetNotFound");
        expect(incidentAfter(scene, NEW.source.name).message).to.equal("The Deployment was deleted.");
      }
    });

    it("waits for the guard's spec to be mended", () => {
      const scene = aRollout(
        crashing,
        withIncidents(anIncident({ phase: "Held" })),
        withGuard({ spec: { invalid: "spec.bakeTime: must be from 10s to 24h" } }),
      );
      const decision = expectLeftAlone(scene, "Waiting", "InvalidSpec");
      expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
    });
  });

  describe("history", () => {
    const ended = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        anIncident({
          of: aRevision(`old${String(index).padStart(2, "0")}`, 0),
          phase: "Superseded",
          detectedAt: earlier(minutes(600 - index)),
        }),
      );
    const deleted = (...facts: readonly Fact[]) =>
      effectsOf(decisionIn(aRollout(...facts)), "deleteIncident").map(({ name }) => name);

    it("keeps as many ended Incidents as the guard says, and deletes the oldest", () => {
      expect(deleted(withIncidents(...ended(20)))).to.deep.equal([]);
      expect(deleted(withIncidents(...ended(22)))).to.deep.equal(["checkout-old00", "checkout-old01"]);
      expect(deleted(withSpec({ incidentHistoryLimit: 1 }), withIncidents(...ended(3)))).to.have.length(2);
    });

    it("deletes a few at a time", () => {
      expect(deleted(withIncidents(...ended(90)))).to.have.length(5);
    });

    it("never deletes an open Incident", () => {
      const open = anIncident({ phase: "Held", brake: cooldown, detectedAt: earlier(minutes(700)) });
      const limit = withSpec({ incidentHistoryLimit: 1, mode: "Observe" });
      expect(deleted(limit, crashing, withIncidents(open, ...ended(1)))).to.deep.equal([]);
    });

    it("leaves the Incidents of an older guard of the same Deployment to that one", () => {
      const limit = withSpec({ incidentHistoryLimit: 1 });
      expect(deleted(limit, withGuard({ olderGuard: "first" }), withIncidents(...ended(3)))).to.deep.equal(
        [],
      );
    });

    it("keeps the last two of a revision that was rolled back more than once, by which a third time is known", () => {
      const again = [600, 500, 400].map((ago, index) =>
        anIncident({
          name: `${NEW.source.name}-${index + 1}`,
          phase: "Superseded",
          detectedAt: earlier(minutes(ago)),
          sentAt: earlier(minutes(ago)),
        }),
      );
      const limit = withSpec({ incidentHistoryLimit: 1 });
      expect(deleted(limit, withIncidents(...again))).to.deep.equal([`${NEW.source.name}-1`]);
    });

    it("keeps the Incidents whose rollbacks still count towards the limits", () => {
      const sent = [40, 30, 20].map((ago) =>
        anIncident({
          of: aRevision(`sent${ago}`, 0),
          phase: "Recovered",
          detectedAt: earlier(minutes(ago)),
          sentAt: earlier(minutes(ago)),
        }),
      );
      const limit = withSpec({ incidentHistoryLimit: 1 });
      expect(deleted(limit, withIncidents(...sent), at(minutes(19)))).to.deep.equal([]);
      expect(deleted(limit, withIncidents(...sent), at(minutes(31)))).to.deep.equal([
        "checkout-sent40",
        "checkout-sent30",
      ]);
    });
  });

  it("opens none for a rollout that has no pods to speak of yet", () => {
    expectLeftAlone(aRollout(withPods(0)), "Progressing", "RolloutProgressing");
  });
});
