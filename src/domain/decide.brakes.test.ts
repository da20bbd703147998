import { expect } from "chai";
import { decide } from "./decide.ts";
import {
  aPod,
  cannotBeCreated,
  containerIs,
  crashed,
  evicted,
  imageMissing,
  notReadyYet,
} from "./testing/a-pod.ts";
import { aRevision, GOOD, remembered } from "./testing/a-revision.ts";
import { appWith, extraContainer, labels, references } from "./testing/a-template.ts";
import { afterRestart } from "./testing/after-restart.ts";
import { anIncident } from "./testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectHeld,
  expectLeftAlone,
  expectRollback,
} from "./testing/expect-decision.ts";
import {
  andPods,
  andService,
  anOutage,
  changing,
  crashing,
  deadlineExceededAt,
  losingService,
  withCurrent,
  withIncidents,
  withOldPods,
  withOldReferences,
  withOthers,
  withPods,
  withReferences,
  withService,
  withSpec,
  withSurroundings,
  withWorkload,
} from "./testing/facts.ts";
import { earlier, later, minutes, seconds } from "./testing/instants.ts";
import { aFirstRollout, aRollout, at, type Fact, ledger } from "./testing/scene.ts";
import { snapshotOf } from "./testing/snapshot-of.ts";

/** A rollback of another revision that was sent then. */
function rollbackSent(at: number, hash: string) {
  const of = aRevision(hash, 0);
  return anIncident({ of, phase: "Recovered", detectedAt: at, sentAt: at });
}

describe("decide, brakes", () => {
  it("has none to apply by default: it goes back to the last good revision", () => {
    expect(expectRollback(aRollout(crashing), GOOD).phase).to.equal("RollingBack");
  });

  it("has nothing to brake where nothing fails, however many brakes there are", () => {
    const decision = decisionIn(aRollout(withWorkload({ veto: "no" }), withSpec({ mode: "Observe" })));
    expect(decision.brake).to.equal(undefined);
    expect(effectsOf(decision, "openIncident")).to.deep.equal([]);
  });

  describe("what people decided", () => {
    it("obeys a veto and quotes its reason", () => {
      const decision = expectHeld(aRollout(crashing, withWorkload({ veto: "schema 12 is live" })), "Veto");
      expect(decision.brake?.message).to.contain("schema 12 is live");
    });

    it("obeys a veto without a reason", () => {
      const decision = expectHeld(aRollout(crashing, withWorkload({ veto: "" })), "Veto");
      expect(decision.brake?.message).to.contain("no reason given");
    });

    it("only observes when the whole operator only observes", () => {
      const decision = expectHeld(aRollout(crashing, withSurroundings({ observeOnly: true })), "ObserveMode");
      expect(decision.brake?.message).to.contain("--observe-only");
    });

    it("says how to let a guard act that only observes", () => {
      const decision = expectHeld(aRollout(crashing, withSpec({ mode: "Observe" })), "ObserveMode");
      expect(decision.brake?.message).to.contain("set spec.mode to Rollback");
    });

    it("leaves a paused Deployment alone, since Kubernetes would not act", () => {
      const decision = expectHeld(aRollout(crashing, withWorkload({ isPaused: true })), "DeploymentPaused");
      expect(decision.brake?.message).to.contain("kubectl rollout resume deployment/checkout");
    });

    it("names the veto first when more than one brake applies", () => {
      const scene = aRollout(
        crashing,
        losingService,
        withWorkload({ veto: "no", isPaused: true }),
        withSpec({ mode: "Observe" }),
      );
      expectHeld(scene, "Veto");
    });
  });

  describe("nowhere to go", () => {
    it("knows nothing to go back to on a first deployment", () => {
      expectHeld(aFirstRollout(crashing), "NoGoodRevision");
    });

    it("does not take a revision for good that nothing is known of, and says how to go there by hand", () => {
      const scene = aRollout(crashing, ledger(), withOldPods(0));
      const decision = expectHeld(scene, "NoGoodRevision");
      expect(decision.brake?.message).to.contain(
        "kubectl rollout undo deployment/checkout -n shop --to-revision=1",
      );
    });

    it("goes back to a revision that completed once when none is good", () => {
      expectRollback(aRollout(crashing, ledger(remembered(GOOD, "Completed")), withOldPods(0)), GOOD);
    });

    it("goes back to a revision whose pods are available now when the guard remembers nothing", () => {
      expectRollback(aRollout(crashing, ledger(), withOldPods(3)), GOOD);
    });

    it("never goes back to a revision in quarantine", () => {
      expectHeld(aRollout(crashing, ledger(remembered(GOOD, "Bad"))), "TargetQuarantined");
    });

    it("passes over a revision in quarantine to an older good one", () => {
      const bad = aRevision("7c9d4f5b68", 3);
      const scene = aRollout(
        crashing,
        losingService,
        withCurrent({ revision: 4 }),
        withOthers(bad, GOOD),
        withOldPods(0),
        ledger(remembered(bad, "Bad"), remembered(GOOD, "Good")),
      );
      expectRollback(scene, GOOD);
    });

    it("with rollbackTo Previous, goes back to the one before or nowhere", () => {
      const previous = aRevision("7c9d4f5b68", 3);
      const facts = [
        crashing,
        losingService,
        withOthers(previous, GOOD),
        withOldPods(0),
        withSpec({ rollbackTo: "Previous" }),
      ];
      expectRollback(aRollout(...facts), previous);
      const bad = ledger(remembered(previous, "Bad"), remembered(GOOD, "Good"));
      expectHeld(aRollout(...facts, bad), "TargetQuarantined");
    });
  });

  describe("where going back would not help", () => {
    it("does not undo a kubectl rollout restart: the old revision is the same", () => {
      const scene = aRollout(crashing, withCurrent({ contentKey: GOOD.contentKey }));
      expect(expectHeld(scene, "WouldNotHelp").brake?.message).to.contain("only by a restart");
    });

    it("does not go back to a revision whose own pods are not ready either", () => {
      const decision = expectHeld(aRollout(crashing, withOldPods(2, notReadyYet)), "WouldNotHelp");
      expect(decision.brake?.message).to.contain("not ready either (0 of 2 ready)");
    });

    it("goes back when one of the old pods is still ready, or none is left", () => {
      const oneReady: Fact = (scene) => ({
        ...scene,
        oldPods: [aPod(GOOD, 0, GOOD.createdAt), aPod(GOOD, 1, GOOD.createdAt, [notReadyYet])],
      });
      expectRollback(aRollout(crashing, oneReady), GOOD);
      expectRollback(aRollout(crashing, withOldPods(0)), GOOD);
      expectRollback(aRollout(crashing, withOldPods(3)), GOOD);
    });

    it("takes no evicted pod of the old revision for a sign that it fails too", () => {
      expectRollback(aRollout(crashing, withOldPods(1, evicted)), GOOD);
    });

    it("does not go back to pods that the Service would not select either", () => {
      const renamed = withService({
        selector: { app: "shop" },
        readyEndpoints: 0,
        emptySinceAt: later(seconds(8)),
      });
      const scene = aRollout(renamed, withSpec({ services: ["checkout"] }));
      const decision = expectHeld(scene, "WouldNotHelp");
      expect(decision.brake?.message).to.contain("Change the selector of the Service");
    });

    it("goes back when at least one of several empty Services would select the old pods", () => {
      const lost = changing(labels({ app: "checkout" }));
      const other = andService("other", { readyEndpoints: 0, emptySinceAt: later(seconds(8)) });
      const named = withSpec({ services: ["checkout", "other"] });
      expectRollback(aRollout(lost, other, named), GOOD, "EmptyEndpoints");
    });

    it("goes back when the Service would select the old pods", () => {
      expectRollback(aRollout(changing(labels({ app: "checkout" }))), GOOD, "EmptyEndpoints");
    });

    it("does not go back to an image that cannot be pulled either", () => {
      const same = changing(appWith({ image: "registry.example/checkout:1" }));
      const scene = aRollout(losingService, same, withPods(3, imageMissing(later(seconds(2)))));
      expect(expectHeld(scene, "WouldNotHelp").brake?.message).to.contain("uses the same image");
    });

    it("goes back when one of two missing images is new", () => {
      const both = changing(extraContainer("proxy", "sidecar", { image: "registry.example/checkout:1" }));
      const missing = imageMissing(later(seconds(2)));
      const waiting = containerIs("proxy", { state: { is: "waiting", reason: "ErrImagePull", message: "" } });
      expectRollback(aRollout(losingService, both, withPods(3, missing, waiting)), GOOD, "ImagePullFailing");
    });

    it("goes back from a new image although other containers keep theirs", () => {
      const sidecar = withReferences(extraContainer("proxy", "sidecar"));
      const missing = withPods(3, imageMissing(later(seconds(2))));
      expectRollback(aRollout(losingService, sidecar, missing), GOOD, "ImagePullFailing");
    });

    it("does not go back to a revision that needs the same missing Secret", () => {
      const missing = withPods(3, cannotBeCreated('secret "database" not found', later(seconds(2))));
      const decision = expectHeld(aRollout(missing, withOldPods(0)), "WouldNotHelp");
      expect(decision.brake?.message).to.contain("also needs Secret/database");
    });

    it("goes back to a revision that needs another Secret, or whose pods still run", () => {
      const missing = withPods(3, cannotBeCreated('configmap "settings" not found', later(seconds(2))));
      expectRollback(aRollout(losingService, missing, withOldPods(3)), GOOD);
      const other = withOldReferences(references("ConfigMap/old-settings"));
      expectRollback(aRollout(other, missing, withOldPods(0)), GOOD);
    });

    it("goes back when only a key is missing: the old revision may not ask for it", () => {
      const missing = cannotBeCreated("couldn't find key URL in Secret shop/database", later(seconds(2)));
      expectRollback(aRollout(withPods(3, missing), withOldPods(0)), GOOD);
    });

    it("blames the environment when many settled Deployments went down at once, and looks again", () => {
      const outage = withSurroundings({ settledNearby: 10, outages: anOutage(3) });
      const decision = expectHeld(aRollout(crashing, outage), "WouldNotHelp");
      expect(decision.brake?.message).to.contain(
        "3 Deployments that were not changed became unavailable too",
      );
      expect(decision.wakeAt).to.be.greaterThan(later(minutes(1)));
    });

    it("does not blame the environment for a few that went down", () => {
      for (const [count, settledNearby] of [
        [2, 2],
        [9, 50],
      ] as const) {
        const few = withSurroundings({ settledNearby, outages: anOutage(count) });
        expectRollback(aRollout(crashing, few), GOOD);
      }
    });
  });

  describe("an outage in the middle of the rollout that is over", () => {
    const deadline = deadlineExceededAt(later(minutes(10)));
    const ranOut = [withPods(3, notReadyYet), deadline, at(minutes(13))];
    const ended = withSurroundings({ outages: anOutage(3, minutes(12)) });

    it("is no evidence: clocks begin again when it ended", () => {
      expectRollback(aRollout(...ranOut), GOOD);
      expectLeftAlone(aRollout(...ranOut, ended), "Progressing", "RolloutProgressing");
      expectRollback(aRollout(...ranOut, ended, at(minutes(12) + seconds(150))), GOOD, "NotReady");
    });

    it("condemns nothing after a restart of the operator either", () => {
      const scene = aRollout(...ranOut, ended);
      const decision = decide(afterRestart(snapshotOf(scene), scene.now), scene.now);
      expect(effectsOf(decision, "change"), decision.message).to.deep.equal([]);
    });
  });

  describe("limits and cooldown", () => {
    it("waits for the end of the cooldown, and says when", () => {
      const sentAt = earlier(minutes(1));
      const decision = expectHeld(aRollout(crashing, withIncidents(rollbackSent(sentAt, "a"))), "Cooldown");
      expect(decision.wakeAt).to.equal(sentAt + minutes(5));
    });

    it("acts the moment the cooldown is over", () => {
      const sent = withIncidents(rollbackSent(earlier(minutes(1)), "a"));
      expectHeld(aRollout(crashing, sent, at(minutes(4) - 1)), "Cooldown");
      expectRollback(aRollout(crashing, sent, at(minutes(4))), GOOD);
    });

    it("stops at the limit until the oldest rollback leaves the window, and says when", () => {
      const three = [50, 30, 10].map((ago) => rollbackSent(earlier(minutes(ago)), `r${ago}`));
      const decision = expectHeld(aRollout(crashing, withIncidents(...three)), "RollbackLimitReached");
      expect(decision.wakeAt).to.equal(later(minutes(10)));
      expectRollback(aRollout(crashing, withIncidents(...three), at(minutes(10))), GOOD);
    });

    it("does not count rollbacks that have left the window, nor Incidents that were only held", () => {
      const old = [90, 80, 70].map((ago) => rollbackSent(earlier(minutes(ago)), `r${ago}`));
      const held = anIncident({ of: aRevision("h", 0), phase: "Superseded" });
      expectRollback(aRollout(crashing, withIncidents(...old, held)), GOOD);
    });
  });

  it("judges a newer change first: the Deployment controller has not seen it yet", () => {
    expectHeld(aRollout(crashing, withWorkload({ generation: 9, observedGeneration: 8 })), "NewerRollout");
  });

  it("opens the Incident with its intent and restores nothing", () => {
    const decision = expectHeld(aRollout(crashing, withSpec({ mode: "Observe" })), "ObserveMode");
    const [opened] = effectsOf(decision, "openIncident");
    expect(opened?.spec.action).to.equal("None");
    expect(opened?.spec.restoreRevision?.hash).to.equal(GOOD.hash);
    expect(effectsOf(decision, "publishEvent").map(({ event }) => [event.on, event.reason])).to.deep.equal([
      ["Workload", "CrashLooping"],
      ["RolloutGuard", "ObserveMode"],
    ]);
  });

  it("is not held by pods that are few: the rest of the pods are well", () => {
    const decision = decisionIn(aRollout(withPods(2), andPods(1, crashed({ restarts: 9 }))));
    expect(decision.phase).to.equal("Progressing");
  });
});
