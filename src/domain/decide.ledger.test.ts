import { expect } from "chai";
import { crashed, lostReadiness, notReadyYet, readyAfter, runningAgain } from "./testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "./testing/a-revision.ts";
import { anIncident } from "./testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectHeld,
  expectLeftAlone,
  statusAfter,
  verdictAfter,
} from "./testing/expect-decision.ts";
import {
  andPods,
  andService,
  completedAfter,
  crashing,
  guardMadeAfter,
  withIncidents,
  withOthers,
  withPods,
  withService,
  withSpec,
  withStatus,
} from "./testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "./testing/instants.ts";
import { aRollout, aSettledWorkload, at, ledger } from "./testing/scene.ts";

const complete = completedAfter(seconds(10));
const empty = withService({ readyEndpoints: 0, emptySinceAt: earlier(minutes(30)) });

describe("decide, the ledger", () => {
  describe("earning", () => {
    it("notes when a rollout completed, and what its slowest pod took", () => {
      const scene = aRollout(complete, withPods(2), andPods(1, readyAfter(seconds(6.5))));
      expectLeftAlone(scene, "Baking", "RolloutBaking");
      expect(statusAfter(scene).revisions?.[0]).to.deep.equal({
        hash: NEW.hash,
        revision: 2,
        images: ["registry.example/checkout:2"],
        verdict: "Completed",
        since: written(later(seconds(10))),
        secondsToReady: 7,
      });
    });

    it("looks again when the bake time is over", () => {
      expect(decisionIn(aRollout(complete)).wakeAt).to.equal(later(seconds(10) + minutes(5)));
    });

    it("looks again no later than that, however shortly before it looks", () => {
      const over = seconds(10) + minutes(5);
      expect(decisionIn(aRollout(complete, at(over - 1))).wakeAt).to.equal(later(over));
    });

    it("calls a revision good that was fully available through its bake time, and not a moment earlier", () => {
      const over = seconds(10) + minutes(5);
      const { message } = expectLeftAlone(aRollout(complete, at(over - 1)), "Baking", "RolloutBaking");
      expect(message).to.contain("is complete and stays watched for 5m.");
      expect(verdictAfter(aRollout(complete, at(over - 1)), NEW)).to.equal("Completed");
      expectLeftAlone(aRollout(complete, at(over)), "Healthy", "RolloutGood");
      expect(verdictAfter(aRollout(complete, at(over)), NEW)).to.equal("Good");
    });

    it("bakes as long as the guard says", () => {
      const hour = withSpec({ bakeTime: "1h" });
      expect(verdictAfter(aRollout(complete, hour, at(minutes(59))), NEW)).to.equal("Completed");
      expect(verdictAfter(aRollout(complete, hour, at(minutes(61))), NEW)).to.equal("Good");
    });

    it("calls nothing good whose Service has no endpoint", () => {
      const decision = expectLeftAlone(aRollout(complete, empty, at(minutes(9))), "Baking", "RolloutBaking");
      expect(decision.wakeAt).to.equal(later(minutes(9)) + seconds(15));
      expect(decision.message).to.contain(
        "is complete; it counts as good as soon as Service checkout has endpoints.",
      );
      expect(verdictAfter(aRollout(complete, empty, at(minutes(9))), NEW)).to.equal("Completed");
    });

    it("calls nothing good that still shows a sign of trouble", () => {
      const young = withPods(3, runningAgain(1, later(minutes(9) - seconds(20))));
      expect(verdictAfter(aRollout(complete, young, at(minutes(9))), NEW)).to.equal("Completed");
      expect(verdictAfter(aRollout(complete, young, at(minutes(10))), NEW)).to.equal("Good");
    });

    it("calls nothing good with a pod that is not available, be it only one", () => {
      const one = andPods(1, lostReadiness(later(minutes(4))));
      expect(verdictAfter(aRollout(complete, withPods(2), one, at(minutes(9))), NEW)).to.equal("Completed");
    });

    it("earns nothing while it rolls out", () => {
      expect(verdictAfter(aRollout(withPods(1), andPods(2, notReadyYet)), NEW)).to.equal(undefined);
    });

    it("does not judge again what is good", () => {
      const good = ledger(remembered(NEW, "Good", earlier(minutes(1))));
      expectLeftAlone(aRollout(good, crashing), "Healthy", "RolloutGood");
    });
  });

  describe("quarantine", () => {
    it("condemns a revision with the Incident about it", () => {
      const scene = aRollout(crashing, withSpec({ mode: "Observe" }));
      const entry = statusAfter(scene).revisions?.find(({ hash }) => hash === NEW.hash);
      expect(entry).to.deep.include({ verdict: "Bad", incident: NEW.source.name, since: written(scene.now) });
    });

    it("remembers by the Incident when the guard's status was lost", () => {
      const worse = aRevision("6b8c9d7f54", 3);
      const scene = aRollout(
        withOthers(NEW, GOOD),
        (scene) => ({ ...scene, current: worse }),
        crashing,
        withStatus({ revisions: [] }),
        withIncidents(anIncident({ phase: "Superseded" })),
        withSpec({ rollbackTo: "Previous" }),
      );
      expectHeld(scene, "TargetQuarantined");
    });

    it("outlives the revision, while other verdicts go with it", () => {
      const bad = aRevision("bad", 0);
      const old = aRevision("old", 0);
      const scene = aSettledWorkload(
        ledger(remembered(GOOD, "Good"), remembered(bad, "Bad"), remembered(old, "Good")),
      );
      expect(verdictAfter(scene, bad)).to.equal("Bad");
      expect(verdictAfter(scene, old)).to.equal(undefined);
      expect(verdictAfter(scene, GOOD)).to.equal("Good");
    });

    it("never pushes the good revision out of a ledger full of bad ones", () => {
      const many = Array.from({ length: 40 }, (_, n) => remembered(aRevision(`bad${n}`, 0), "Bad", later(n)));
      const scene = aRollout(complete, ledger(...many.slice(0, 29), remembered(GOOD, "Good")));
      expect(statusAfter(scene).revisions).to.have.length(30);
      expect(verdictAfter(scene, GOOD)).to.equal("Good");
      expect(verdictAfter(scene, NEW)).to.equal("Completed");
    });

    it("pardons a revision that recovered without a rollback and baked", () => {
      const scene = aRollout(
        complete,
        ledger(remembered(GOOD, "Good"), remembered(NEW, "Bad")),
        withIncidents(anIncident({ phase: "Held" })),
        at(minutes(9)),
      );
      expect(verdictAfter(scene, NEW)).to.equal("Good");
    });

    it("keeps a revision in quarantine that was applied again and completed, until it has baked", () => {
      const rolledBack = withIncidents(anIncident({ phase: "Recovered", sentAt: earlier(minutes(90)) }));
      const scene = aRollout(complete, rolledBack, ledger(remembered(NEW, "Bad"), remembered(GOOD, "Good")));
      expectLeftAlone(scene, "Baking", "RolloutBaking");
      const afterwards = aSettledWorkload(withOthers(NEW), rolledBack, withStatus(statusAfter(scene)));
      expect(verdictAfter(afterwards, NEW)).to.equal("Bad");
    });
  });

  describe("what is shown as the last good revision", () => {
    it("is the running one when it is good", () => {
      expect(statusAfter(aSettledWorkload()).lastGood?.hash).to.equal(GOOD.hash);
    });

    it("is the one that a rollback would restore while another rolls out", () => {
      expect(statusAfter(aRollout()).lastGood?.hash).to.equal(GOOD.hash);
    });

    it("is none any more when there is nothing to go back to", () => {
      const scene = aRollout(
        ledger(remembered(GOOD, "Bad")),
        withStatus({
          lastGood: { hash: GOOD.hash, revision: 1, images: [] },
          revisions: [remembered(GOOD, "Bad")],
        }),
      );
      expect(statusAfter(scene)).not.to.have.property("lastGood");
    });
  });

  describe("the bound Services", () => {
    it("are those of the good revision's pods", () => {
      const scene = aRollout(complete, andService("payment", { readyEndpoints: 2 }));
      expect(statusAfter(scene).services).to.deep.equal(["checkout"]);
    });

    it("stay remembered while one is empty", () => {
      const scene = aRollout(complete, empty, withStatus({ services: ["checkout"] }));
      expect(statusAfter(scene).services).to.deep.equal(["checkout"]);
    });

    it("grow when a healthy revision serves another one", () => {
      const more = andService("checkout-internal", { selector: { app: "checkout" } });
      expect(statusAfter(aSettledWorkload(more)).services).to.deep.equal(["checkout", "checkout-internal"]);
    });

    it("are learnt by a guard that remembers nothing", () => {
      expect(statusAfter(aRollout(guardMadeAfter(0))).services).to.deep.equal(["checkout"]);
    });
  });

  it("counts every Incident and every rollback that was sent", () => {
    const recovered = anIncident({ phase: "Recovered", sentAt: earlier(minutes(20)), generation: 3 });
    const scene = aSettledWorkload(withOthers(NEW), withIncidents(recovered));
    const status = statusAfter(scene);
    expect([status.incidents, status.rollbacks, status.lastIncident]).to.deep.equal([1, 1, recovered.name]);
    const again = aSettledWorkload(withOthers(NEW), withIncidents(recovered), withStatus(status));
    expect(effectsOf(decisionIn(again), "updateGuardStatus")).to.deep.equal([]);
  });

  it("takes crashed pods into no account of how long a start takes", () => {
    const scene = aRollout(
      complete,
      withPods(2),
      andPods(1, crashed({ restarts: 1 }), readyAfter(minutes(2))),
    );
    expect(statusAfter(scene).revisions?.[0]?.secondsToReady).to.equal(3);
  });
});
