import { expect } from "chai";
import {
  crashed,
  lostReadiness,
  notReadyYet,
  readyAfter,
  regainedReadiness,
  runningAgain,
} from "./testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "./testing/a-revision.ts";
import { anIncident } from "./testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectHeld,
  expectLeftAlone,
  expectRollback,
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
import {
  aRestoredWorkload,
  aRollout,
  aSettledWorkload,
  at,
  type Fact,
  given,
  ledger,
} from "./testing/scene.ts";

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
        replicas: 3,
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
      expect(message).to.contain("is complete; RolloutGuard watches it for 5m.");
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
        "is complete; it becomes good when Service checkout has endpoints.",
      );
      expect(verdictAfter(aRollout(complete, empty, at(minutes(9))), NEW)).to.equal("Completed");
    });

    it("calls nothing good that shows a sign of trouble, nor for a bake time after it", () => {
      const young = withPods(3, runningAgain(1, later(minutes(9) - seconds(20))));
      expect(verdictAfter(aRollout(complete, young, at(minutes(9))), NEW)).to.equal("Completed");
      expect(verdictAfter(aRollout(complete, young, at(minutes(10))), NEW)).to.equal("Completed");
      expect(verdictAfter(aRollout(complete, young, at(minutes(14))), NEW)).to.equal("Good");
    });

    it("calls nothing good with a pod that is not available, be it only one", () => {
      const one = andPods(1, lostReadiness(later(minutes(4))));
      expect(verdictAfter(aRollout(complete, withPods(2), one, at(minutes(9))), NEW)).to.equal("Completed");
    });

    it("earns nothing while it rolls out", () => {
      expect(verdictAfter(aRollout(withPods(1), andPods(2, notReadyYet)), NEW)).to.equal(undefined);
    });

    it("judges a good revision again when it is rolled out again", () => {
      const good = ledger(remembered(NEW, "Good", earlier(minutes(1))), remembered(GOOD, "Good"));
      const decision = decisionIn(aRollout(good, crashing));
      expect(effectsOf(decision, "change")).to.have.length(1);
    });

    it("notes when this very rollout has proven itself, and does not judge it again", () => {
      const over = seconds(10) + minutes(5);
      const good = statusAfter(aRollout(complete, at(over)));
      expect(good.current?.provenAt).to.equal(written(later(over)));
      const { brake } = expectLeftAlone(
        aRollout(withStatus(good), crashing, at(minutes(9))),
        "Failing",
        "CrashLooping",
      );
      expect(brake).to.equal(undefined);
    });

    it("begins to bake again where half of the pods failed or were unready since it was complete", () => {
      const restartedAt = minutes(4);
      const restarted = (count: number) => [
        withPods(3 - count),
        andPods(count, runningAgain(1, later(restartedAt))),
      ];
      const crashedAt = (pods: readonly Fact[]) => aRollout(complete, ...pods, at(seconds(10) + minutes(5)));
      expect(verdictAfter(crashedAt(restarted(1)), NEW)).to.equal("Good");
      expect(verdictAfter(crashedAt(restarted(2)), NEW)).to.equal("Completed");
      const unready = (count: number) => [
        withPods(3 - count),
        andPods(count, regainedReadiness(later(restartedAt))),
      ];
      expect(verdictAfter(crashedAt(unready(1)), NEW)).to.equal("Good");
      expect(verdictAfter(crashedAt(unready(2)), NEW)).to.equal("Completed");
      const again = aRollout(complete, ...unready(2), at(restartedAt + minutes(5)));
      expect(verdictAfter(again, NEW)).to.equal("Good");
    });
  });

  describe("quarantine", () => {
    it("begins when the rollback is sent, with the Incident about it", () => {
      const sentAt = later(seconds(40));
      const incident = anIncident({ phase: "Verifying", sentAt, generation: 4 });
      const scene = aRestoredWorkload(withIncidents(incident), at(minutes(2)));
      const entry = statusAfter(scene).revisions?.find(({ hash }) => hash === NEW.hash);
      expect(entry).to.deep.include({
        verdict: "Bad",
        incident: NEW.source.name,
        since: written(later(seconds(30))),
      });
    });

    it("does not begin with an Incident that is only held", () => {
      const scene = aRollout(crashing, withSpec({ mode: "Observe" }));
      expect(verdictAfter(scene, NEW)).to.equal(undefined);
      const completed = ledger(remembered(NEW, "Completed", later(seconds(10))), remembered(GOOD, "Good"));
      expect(verdictAfter(given(scene, completed), NEW)).to.equal("Completed");
    });

    const worse = aRevision("6b8c9d7f54", 3);
    /** Another revision fails on top of NEW, and the one before is to be restored; the guard remembers nothing. */
    const onTop = (incident: ReturnType<typeof anIncident>) =>
      aRollout(
        withOthers(NEW, GOOD),
        (scene) => ({ ...scene, current: worse }),
        crashing,
        withStatus({ revisions: [] }),
        withIncidents(incident),
        withSpec({ rollbackTo: "Previous", limits: { cooldown: "0s" } }),
      );

    it("is remembered by the Incident when the guard's status was lost", () => {
      expectHeld(onTop(anIncident({ phase: "Recovered", sentAt: later(seconds(35)) })), "TargetQuarantined");
    });

    it("is not remembered by an Incident that was held and then overtaken", () => {
      expectRollback(onTop(anIncident({ phase: "Superseded", action: "None" })), NEW);
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
      expect(statusAfter(scene).services).to.deep.equal([{ name: "checkout", endpoints: 3 }]);
    });

    it("stay remembered while one is empty", () => {
      const scene = aRollout(complete, empty);
      expect(statusAfter(scene).services).to.deep.equal([{ name: "checkout", endpoints: 3 }]);
    });

    it("grow when a healthy revision serves another one", () => {
      const more = andService("checkout-internal", { selector: { app: "checkout" } });
      expect(statusAfter(aSettledWorkload(more)).services).to.deep.equal([
        { name: "checkout", endpoints: 3 },
        { name: "checkout-internal", endpoints: 3 },
      ]);
    });

    it("are learnt by a guard that remembers nothing", () => {
      expect(statusAfter(aRollout(guardMadeAfter(0))).services).to.deep.equal([
        { name: "checkout", endpoints: 3 },
      ]);
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
