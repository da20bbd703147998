import { expect } from "chai";
import { undoStep } from "../api/incident-step.ts";
import { cannotBeCreated, crashed, notReadyYet, runningAgain, runningSince } from "./testing/a-pod.ts";
import { GOOD, NEW, remembered } from "./testing/a-revision.ts";
import { anIncident, anUndo } from "./testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectLeftAlone,
  incidentAfter,
  statusAfter,
  verdictAfter,
} from "./testing/expect-decision.ts";
import {
  andPods,
  andService,
  completedAfter,
  crashing,
  wanting,
  withIncidents,
  withPods,
  withService,
  withStatus,
  withWorkload,
} from "./testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "./testing/instants.ts";
import { aRestoredWorkload, at, given, ledger } from "./testing/scene.ts";

const SENT_AT = later(minutes(1));
const sent = withIncidents(anIncident({ phase: "Acting" }));
const verifying = withIncidents(anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 4 }));
const starting = withPods(3, notReadyYet, runningSince(SENT_AT));
const notRecovered = withIncidents(
  anIncident({ phase: "NotRecovered", sentAt: SENT_AT, message: "Revision 3 does not serve." }),
);

describe("decide, after a rollback", () => {
  it("notes that the rollback was sent, with the generation that it made, and says so once", () => {
    const scene = aRestoredWorkload(sent, starting);
    const decision = expectLeftAlone(scene, "RollingBack", "Verifying");
    expect(incidentAfter(scene, NEW.source.name)).to.deep.include({
      phase: "Verifying",
      steps: [{ ...anUndo(SENT_AT), generation: 4 }],
    });
    expect(effectsOf(decision, "publishEvent").map(({ event }) => event.reason)).to.deep.equal([
      "RollingBack",
    ]);
  });

  it("keeps the instant at which a held Incident was freed as the time of the rollback", () => {
    const freed = anIncident({ phase: "Acting", action: "None", sentAt: SENT_AT });
    const status = incidentAfter(aRestoredWorkload(withIncidents(freed), starting), NEW.source.name);
    expect(undoStep(status)?.startedAt).to.equal(written(SENT_AT));
  });

  it("knows its own rollback of an Incident that was held since: the patch went out and its answer was lost", () => {
    const brake = { reason: "SignsGone", message: "The signs of trouble are gone." } as const;
    const held = anIncident({ phase: "Held", brake });
    const rolledBack = { incident: held.name, at: SENT_AT };
    const scene = aRestoredWorkload(withIncidents(held), withWorkload({ rolledBack }), starting);
    expectLeftAlone(scene, "RollingBack", "Verifying");
    expect(incidentAfter(scene, NEW.source.name)).to.deep.include({ phase: "Verifying" });
  });

  it("takes a rollback by hand for one by hand, whatever was rolled back before the Incident", () => {
    const held = anIncident({ phase: "Held", brake: { reason: "Veto", message: "A veto is set." } });
    const meant = anIncident({ phase: "Acting" });
    const rolledBack = { incident: held.name, at: earlier(minutes(90)) };
    for (const incident of [held, meant]) {
      for (const before of [undefined, rolledBack]) {
        const scene = aRestoredWorkload(withIncidents(incident), withWorkload({ rolledBack: before }));
        expect(incidentAfter(scene, NEW.source.name).phase).to.equal("Superseded");
      }
    }
  });

  it("takes the restored revision for its own choice, not for a release, before the guard's status says so", () => {
    for (const phase of ["NotRecovered", "Recovered"] as const) {
      const ended = anIncident({ phase, sentAt: SENT_AT });
      const endedAt = written(later(minutes(3)));
      const incident = { ...ended, status: ended.status && { ...ended.status, endedAt } };
      const scene = aRestoredWorkload(withIncidents(incident), crashing, at(minutes(4)));
      expect(effectsOf(decisionIn(scene), "openIncident"), phase).to.deep.equal([]);
      const anotherSince = withStatus({
        current: { ...remembered(NEW, "Good"), since: written(later(minutes(2))) },
      });
      expect(effectsOf(decisionIn(given(scene, anotherSince)), "openIncident"), phase).to.have.length(1);
    }
  });

  it("waits while the restored pods start, without a write", () => {
    const decision = expectLeftAlone(aRestoredWorkload(verifying, starting), "RollingBack", "Verifying");
    expect(decision.effects).to.deep.equal([]);
    expect(decision.wakeAt).to.equal(SENT_AT + seconds(45));
  });

  it("watches a revision that serves again for a minute, and says so, before it calls it recovered", () => {
    const scene = aRestoredWorkload(verifying);
    const decision = expectLeftAlone(scene, "RollingBack", "Verifying");
    expect(decision.message).to.equal("Revision 3 (5d8f6c7b94) is serving again and is watched for 1m.");
    expect(decision.wakeAt).to.equal(SENT_AT + minutes(1));
    expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
    expect(statusAfter(scene).phase).to.equal("RollingBack");
  });

  it("calls it recovered when it has stayed so, and says how long service took to come back", () => {
    expectLeftAlone(aRestoredWorkload(verifying, at(minutes(2) - 1)), "RollingBack", "Verifying");
    const scene = aRestoredWorkload(verifying, at(minutes(2)));
    expectLeftAlone(scene, "Healthy", "RolloutGood");
    const status = incidentAfter(scene, NEW.source.name);
    expect(status).to.deep.include({ phase: "Recovered", secondsToRecover: 30, endedAt: written(scene.now) });
    expect(statusAfter(scene)).to.deep.include({ incidents: 1, rollbacks: 1, phase: "Healthy" });
    expect(statusAfter(scene)).not.to.have.property("activeIncident");
  });

  it("watches it for as long as the failed revision needed to show itself, and an hour at most", () => {
    for (const [shownMs, proofMs] of [
      [minutes(12), minutes(12)],
      [minutes(90), minutes(60)],
      [seconds(5), minutes(1)],
    ] as const) {
      const sentAt = later(shownMs);
      const late = anIncident({ phase: "Verifying", detectedAt: sentAt, sentAt, generation: 4 });
      const scene = (afterMs: number) =>
        aRestoredWorkload(
          withIncidents(late),
          at(shownMs + afterMs),
          withWorkload({ rolledBack: undefined }),
        );
      expectLeftAlone(scene(proofMs - 1), "RollingBack", "Verifying");
      expectLeftAlone(scene(proofMs), "Healthy", "RolloutGood");
    }
  });

  it("counts that time from when service came back, not from when the rollback was sent", () => {
    const becameReady = later(seconds(100));
    const back = withPods(3, (pod) => ({ ...pod, readyChangedAt: becameReady }));
    const decision = decisionIn(aRestoredWorkload(verifying, back, at(minutes(2))));
    expect(decision.wakeAt).to.equal(becameReady + minutes(1));
    const endpoints = withService({
      changes: [
        { at: later(seconds(70)), ready: 0 },
        { at: later(seconds(110)), ready: 1 },
        { at: later(seconds(115)), ready: 3 },
      ],
    });
    const slower = decisionIn(aRestoredWorkload(verifying, back, endpoints, at(minutes(2))));
    expect(slower.wakeAt).to.equal(later(seconds(170)));
    const recovered = aRestoredWorkload(verifying, back, endpoints, at(seconds(170)));
    expect(incidentAfter(recovered, NEW.source.name).secondsToRecover).to.equal(80);
  });

  it("is not recovered while anything points to a failure of the restored pods", () => {
    const failing = withPods(3, runningAgain(1, later(seconds(110))));
    const decision = expectLeftAlone(
      aRestoredWorkload(verifying, failing, at(minutes(2))),
      "RollingBack",
      "Verifying",
    );
    expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
  });

  it("looks again soon at restored pods that crashed at first, for nothing tells when that is over", () => {
    const failing = withPods(3, runningAgain(1, later(seconds(110))));
    const decision = decisionIn(aRestoredWorkload(verifying, failing, at(minutes(2))));
    expect(decision.wakeAt).to.equal(later(minutes(2) + seconds(15)));
  });

  it("does not wait for the last pods of the failed revision: service is back", () => {
    const scene = aRestoredWorkload(verifying, withWorkload({ replicas: 4 }), at(minutes(2)));
    expect(incidentAfter(scene, NEW.source.name).phase).to.equal("Recovered");
  });

  it("asks for as many pods as a rollout would keep: all that are wanted but maxUnavailable", () => {
    const slow = [withPods(8), andPods(2, notReadyYet, runningSince(later(seconds(110)))), wanting(10)];
    const keeps = (maxUnavailable: number) =>
      aRestoredWorkload(verifying, ...slow, withWorkload({ maxUnavailable }), at(minutes(2)));
    expect(incidentAfter(keeps(2), NEW.source.name).phase).to.equal("Recovered");
    expectLeftAlone(keeps(1), "RollingBack", "Verifying");
  });

  it("is not recovered while a bound Service has no endpoint", () => {
    const empty = withService({ readyEndpoints: 0, emptySinceAt: later(seconds(80)) });
    const scene = aRestoredWorkload(verifying, empty, at(minutes(2)));
    const decision = expectLeftAlone(scene, "RollingBack", "Verifying");
    expect(decision.effects).to.deep.equal([]);
  });

  it("is not recovered while one of two bound Services has no endpoint", () => {
    const other = andService("other", {
      selector: { app: "checkout" },
      readyEndpoints: 0,
      emptySinceAt: later(seconds(80)),
    });
    const both = withStatus({
      services: [
        { name: "checkout", endpoints: 3 },
        { name: "other", endpoints: 3 },
      ],
    });
    expectLeftAlone(aRestoredWorkload(verifying, other, both, at(minutes(2))), "RollingBack", "Verifying");
  });

  it("is not recovered while a Service has fewer than half of the endpoints that it had", () => {
    const few = withService({ readyEndpoints: 1 });
    expectLeftAlone(aRestoredWorkload(verifying, few, at(minutes(2))), "RollingBack", "Verifying");
    const most = aRestoredWorkload(verifying, withService({ readyEndpoints: 2 }), at(minutes(2)));
    expect(incidentAfter(most, NEW.source.name).phase).to.equal("Recovered");
  });

  it("expects no endpoints of a Service that never served", () => {
    const metrics = andService("metrics", { selector: { app: "checkout" }, readyEndpoints: 0 });
    const scene = aRestoredWorkload(verifying, metrics, at(minutes(2)));
    expect(incidentAfter(scene, NEW.source.name).phase).to.equal("Recovered");
  });

  it("asks for nothing where nothing is wanted", () => {
    const scene = aRestoredWorkload(verifying, wanting(0), at(minutes(2)));
    expect(incidentAfter(scene, NEW.source.name).phase).to.equal("Recovered");
  });

  describe("when service does not come back", () => {
    it("says so the moment the restored pods fail, loudly, and does nothing more", () => {
      for (const trait of [crashed({ restarts: 2 }), cannotBeCreated("secret is gone", SENT_AT)]) {
        const scene = aRestoredWorkload(verifying, withPods(3, trait));
        const decision = expectLeftAlone(scene, "NotRecovered", "NotRecovered");
        expect(incidentAfter(scene, NEW.source.name).phase).to.equal("NotRecovered");
        expect(incidentAfter(scene, NEW.source.name).message).to.contain("3 of 3 pods");
        expect(effectsOf(decision, "publishEvent").map(({ event }) => event.on)).to.deep.equal([
          "Workload",
          "RolloutGuard",
        ]);
        expect(statusAfter(scene).phase).to.equal("NotRecovered");
      }
    });

    it("says so when the progress deadline has passed", () => {
      const slow = [withPods(2), andPods(1, notReadyYet), withWorkload({ progressDeadlineSeconds: 600 })];
      const last = SENT_AT + minutes(10);
      const before = aRestoredWorkload(verifying, ...slow, (scene) => ({ ...scene, now: last - 1 }));
      expect(decisionIn(before).wakeAt).to.equal(last);
      expectLeftAlone(before, "RollingBack", "Verifying");
      const scene = given(before, (scene) => ({ ...scene, now: last }));
      expectLeftAlone(scene, "NotRecovered", "NotRecovered");
      expect(incidentAfter(scene, NEW.source.name).message).to.contain("2 of 3 pods are available");
    });

    it("gives the restored revision twice the time that it is remembered to take", () => {
      const slow = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { secondsToReady: 80 }));
      const decision = expectLeftAlone(
        aRestoredWorkload(verifying, slow, starting, at(minutes(3))),
        "RollingBack",
        "Verifying",
      );
      expect(decision.wakeAt).to.equal(SENT_AT + seconds(160));
    });

    it("keeps saying so while nobody is served, though the revision is a good one", () => {
      const scene = aRestoredWorkload(notRecovered, crashing, at(minutes(20)));
      const decision = expectLeftAlone(scene, "NotRecovered", "NotRecovered");
      expect(decision.message).to.contain("Revision 3 does not serve.");
      expect(verdictAfter(scene, GOOD)).to.equal("Good");
    });

    describe("and comes back later", () => {
      const backAt = later(minutes(19));
      const back = withPods(3, (pod) => ({ ...pod, readyChangedAt: backAt }));

      it("watches that as well, and keeps saying that it was not restored", () => {
        const scene = aRestoredWorkload(notRecovered, back, at(minutes(20) - 1));
        const decision = expectLeftAlone(scene, "NotRecovered", "NotRecovered");
        expect(decision.message).to.contain(
          "Revision 3 does not serve. It is serving again now and is watched for 1m.",
        );
        expect(decision.wakeAt).to.equal(backAt + minutes(1));
      });

      it("ends the story as recovered, and says how long it took", () => {
        const scene = aRestoredWorkload(notRecovered, back, at(minutes(20)));
        expectLeftAlone(scene, "Healthy", "RolloutGood");
        const { phase, secondsToRecover } = incidentAfter(scene, NEW.source.name);
        expect([phase, secondsToRecover]).to.deep.equal(["Recovered", 60 * 19 - 30]);
      });

      it("does not while anything points to a failure", () => {
        const crashed = withPods(3, runningAgain(1, later(minutes(20) - seconds(5))));
        const scene = aRestoredWorkload(notRecovered, crashed, at(minutes(20)));
        expect(effectsOf(decisionIn(scene), "updateIncident")).to.deep.equal([]);
      });
    });
  });

  it("is never rolled back itself, even when the restored revision was never good and fails", () => {
    const completed = ledger(remembered(GOOD, "Completed"), remembered(NEW, "Good"));
    const recovered = withIncidents(anIncident({ phase: "Recovered", sentAt: SENT_AT }));
    for (const incident of [sent, verifying, recovered, notRecovered]) {
      const decision = decisionIn(aRestoredWorkload(completed, incident, crashing, at(minutes(3))));
      expect(effectsOf(decision, "change")).to.deep.equal([]);
      expect(effectsOf(decision, "openIncident")).to.deep.equal([]);
    }
  });

  it("lets the restored revision bake when it had only completed once", () => {
    const completed = ledger(remembered(GOOD, "Completed"));
    const recovered = withIncidents(anIncident({ phase: "Recovered", sentAt: SENT_AT }));
    const remember = withStatus({
      current: { hash: GOOD.hash, revision: 3, images: [], since: written(SENT_AT) },
    });
    const scene = aRestoredWorkload(remember, completed, recovered, completedAfter(seconds(80)));
    expect(decisionIn(scene).phase).to.equal("Baking");
    expect(verdictAfter(given(scene, at(minutes(9))), GOOD)).to.equal("Good");
  });

  it("keeps the failed revision in quarantine", () => {
    expect(verdictAfter(aRestoredWorkload(verifying), NEW)).to.equal("Bad");
  });
});
