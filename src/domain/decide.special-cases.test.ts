// The special cases that every deployment tool meets sooner or later: each has a rule.
import { expect } from "chai";
import { phaseOf } from "../api/incident.ts";
import {
  beingDeleted,
  crashed,
  createdAt,
  disrupted,
  evicted,
  notReadyYet,
  onLostNode,
  runningSince,
  waitsForGate,
} from "./testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "./testing/a-revision.ts";
import { extraContainer, readinessGates } from "./testing/a-template.ts";
import { anIncident } from "./testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectHeld,
  expectLeftAlone,
  expectRollback,
  incidentAfter,
  statusAfter,
  verdictAfter,
} from "./testing/expect-decision.ts";
import {
  andPods,
  changing,
  completedAfter,
  crashing,
  guardMadeAfter,
  losingService,
  wanting,
  warned,
  withCurrent,
  withIncidents,
  withOldPods,
  withPods,
  withService,
  withStatus,
  withWorkload,
} from "./testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "./testing/instants.ts";
import { aFirstRollout, aRollout, at, given, ledger, type Scene } from "./testing/scene.ts";
import { runUntilSettled } from "./testing/small-world.ts";
import { snapshotOf } from "./testing/snapshot-of.ts";

/** The revision `hash` rolls out over these. */
function rollsOut(current: ReturnType<typeof aRevision>, ...others: Scene["others"]) {
  return (scene: Scene): Scene => ({ ...scene, current, others });
}

describe("decide, special cases", () => {
  describe("init containers and sidecars", () => {
    it("goes back when an init container fails again and again", () => {
      const migrate = changing(extraContainer("migrate", "init"));
      const failing = withPods(3, crashed({ container: "migrate", restarts: 2 }));
      expectRollback(aRollout(losingService, migrate, failing), GOOD, "InitContainerFailing");
    });

    it("goes back when a sidecar crashes while the app is ready", () => {
      const proxy = changing(extraContainer("proxy", "sidecar"));
      expectRollback(
        aRollout(losingService, proxy, withPods(3, crashed({ container: "proxy", restarts: 2 }))),
        GOOD,
        "CrashLooping",
      );
    });

    it("lets a long init container take its time: the app has not started", () => {
      const migrate = changing(extraContainer("migrate", "init"));
      const running = withPods(3, (pod) => ({
        ...notReadyYet(pod),
        initializedAt: undefined,
        containers: pod.containers.map((one) =>
          one.kind === "init"
            ? { ...one, isReady: false, state: { is: "running" as const, startedAt: later(seconds(2)) } }
            : {
                ...one,
                isReady: false,
                state: { is: "waiting" as const, reason: "PodInitializing", message: "" },
              },
        ),
      }));
      expectLeftAlone(aRollout(migrate, running, at(minutes(8))), "Progressing", "RolloutProgressing");
    });
  });

  it("goes back when the new version is killed for its memory, and says so", () => {
    const killed = crashed({ restarts: 2, reason: "OOMKilled", exitCode: 137 });
    expectRollback(aRollout(losingService, withPods(3, killed)), GOOD, "OutOfMemory");
  });

  it("gives readiness gates their time, and goes back when they stay unset", () => {
    const waiting = [losingService, changing(readinessGates), withPods(3, waitsForGate)];
    expectLeftAlone(aRollout(...waiting, at(minutes(3))), "Progressing", "RolloutProgressing");
    expectRollback(aRollout(...waiting, at(minutes(3) + seconds(2))), GOOD, "NotReady");
  });

  describe("the Recreate strategy", () => {
    const recreate = [withWorkload({ strategy: "Recreate" }), withOldPods(0)];

    it("is not alarmed by a Service that is empty while the new pods start", () => {
      const empty = withService({ readyEndpoints: 0, emptySinceAt: later(seconds(1)) });
      const starting = withPods(3, notReadyYet);
      expectLeftAlone(
        aRollout(...recreate, empty, starting, at(seconds(40))),
        "Progressing",
        "RolloutProgressing",
      );
    });

    it("goes back although no old pod is left to compare with", () => {
      expectRollback(aRollout(...recreate, crashing), GOOD, "CrashLooping");
    });
  });

  describe("replicas 0", () => {
    it("judges nothing where nothing is wanted", () => {
      expectLeftAlone(aRollout(wanting(0)), "NotEvaluated", "ScaledToZero");
    });

    it("earns nothing there", () => {
      expect(verdictAfter(aRollout(wanting(0), at(minutes(9))), NEW)).to.equal(undefined);
    });
  });

  describe("a Deployment that exists before its guard", () => {
    it("is taken for good when its rollout ended before the guard was made and it serves", () => {
      const scene = aFirstRollout(completedAfter(seconds(10)), guardMadeAfter(minutes(30)), at(minutes(31)));
      expectLeftAlone(scene, "Healthy", "RolloutGood");
      expect(verdictAfter(scene, NEW)).to.equal("Good");
    });

    it("ends an Incident that an earlier guard left open, and comes to rest", () => {
      const scene = aRollout(
        completedAfter(seconds(10)),
        guardMadeAfter(minutes(30)),
        withIncidents(
          anIncident({ phase: "Held", brake: { reason: "ObserveMode", message: "only looking" } }),
        ),
        at(minutes(31)),
      );
      const run = runUntilSettled(snapshotOf(scene), scene.now);
      expect(run.snapshot.incidents.map((incident) => phaseOf(incident))).to.deep.equal(["Recovered"]);
      expect(run.decisions.at(-1)).to.include({ phase: "Healthy", reason: "RolloutGood" });
      expect(run.decisions.at(-1)?.effects).to.deep.equal([]);
    });

    it("is said to fail when it does not serve, and is not rolled back: the guard has seen no rollout", () => {
      const scene = aRollout(
        crashing,
        completedAfter(seconds(10)),
        guardMadeAfter(minutes(30)),
        at(minutes(31)),
      );
      const { brake, message } = expectLeftAlone(scene, "Failing", "CrashLooping");
      expect(brake).to.equal(undefined);
      expect(message).to.contain(
        "is failing, but no rollout is in progress, so there is nothing to roll back",
      );
      expect(verdictAfter(scene, NEW)).to.equal(undefined);
    });

    it("is not judged while nothing says that it fails and not all of its pods are available", () => {
      const one = [withPods(2), andPods(1, notReadyYet)];
      const scene = aRollout(
        ...one,
        completedAfter(seconds(10)),
        guardMadeAfter(minutes(30)),
        at(minutes(31)),
      );
      expectLeftAlone(scene, "NotEvaluated", "BeforeGuard");
      expect(verdictAfter(scene, NEW)).to.equal("Unproven");
    });
  });

  describe("a guard created in the middle of a rollout", () => {
    it("judges it, and goes back to the revision whose pods still serve", () => {
      const scene = aRollout(crashing, withOldPods(1), guardMadeAfter(seconds(30)));
      expectRollback(scene, GOOD, "CrashLooping");
    });

    it("takes its time while as many pods are ready as are wanted: that is all that it knows of before", () => {
      const scene = aRollout(crashing, withOldPods(3), guardMadeAfter(seconds(30)));
      expectLeftAlone(scene, "Progressing", "RolloutProgressing");
      expectRollback(given(scene, at(seconds(152))), GOOD, "CrashLooping");
    });

    it("counts from the rollout's beginning, not from its own", () => {
      const scene = aRollout(withPods(3, notReadyYet), withOldPods(1), guardMadeAfter(seconds(59)));
      const [opened] = effectsOf(expectRollback(scene, GOOD, "NotReady"), "openIncident");
      expect(opened?.spec.rolloutStartedAt).to.equal(written(later(0)));
    });

    it("knows of nothing good when no old pod is left", () => {
      expectHeld(aRollout(crashing, withOldPods(0), guardMadeAfter(seconds(30))), "NoGoodRevision");
    });

    it("lets a rollout bake that completed a short while before", () => {
      const scene = aRollout(completedAfter(seconds(10)), guardMadeAfter(seconds(59)));
      expectLeftAlone(scene, "Baking", "RolloutBaking");
    });
  });

  describe("a first deployment", () => {
    it("that is bad opens an Incident and goes nowhere", () => {
      const decision = expectHeld(aFirstRollout(crashing), "NoGoodRevision");
      expect(effectsOf(decision, "openIncident")[0]?.spec).not.to.have.property("restoreRevision");
    });

    it("that is well becomes good", () => {
      const scene = aFirstRollout(completedAfter(seconds(10)), at(minutes(9)));
      expect(verdictAfter(scene, NEW)).to.equal("Good");
    });
  });

  describe("kubectl rollout restart", () => {
    const restarted = withCurrent({ contentKey: GOOD.contentKey });

    it("is left alone while it goes well, and its revision becomes good", () => {
      const scene = aRollout(restarted, completedAfter(seconds(10)), at(minutes(9)));
      expectLeftAlone(scene, "Healthy", "RolloutGood");
      expect(verdictAfter(scene, NEW)).to.equal("Good");
    });

    it("that fails is not undone: the same template would fail too", () => {
      expectHeld(aRollout(restarted, crashing), "WouldNotHelp");
    });
  });

  describe("a rollback done by hand", () => {
    const undone = rollsOut({ ...GOOD, revision: 3 }, NEW);
    const seenBefore = withStatus({
      current: { hash: NEW.hash, revision: 2, images: [], since: written(later(0)) },
    });

    it("to a good revision is a rollout too: it bakes again, and stays good meanwhile", () => {
      const scene = aRollout(undone, seenBefore, withOldPods(0));
      expectLeftAlone(scene, "Baking", "RolloutBaking");
      const status = statusAfter(scene);
      expect(status.current).to.deep.include({ hash: GOOD.hash, since: written(scene.now) });
      expect(status.conditions?.find(({ type }) => type === "Healthy")?.status).to.equal("True");
      expect(verdictAfter(scene, GOOD)).to.equal("Good");
      const complete = completedAfter(seconds(70));
      const baked = aRollout(undone, withStatus(status), withOldPods(0), complete, at(minutes(7)));
      expectLeftAlone(baked, "Healthy", "RolloutGood");
      expect(statusAfter(baked).current?.provenAt).to.equal(written(baked.now));
    });

    it("to a revision that never was good is a rollout like any other, from the moment it is seen", () => {
      const unknown = ledger(remembered(NEW, "Good"));
      const scene = aRollout(
        undone,
        seenBefore,
        unknown,
        withPods(3, notReadyYet, runningSince(later(seconds(58)))),
      );
      expectLeftAlone(scene, "Progressing", "RolloutProgressing");
      expect(statusAfter(scene).current?.since).to.equal(written(scene.now));
    });

    it("before the guard was made came after the ReplicaSet that it left, which is not new when used again", () => {
      const scene = aRollout(undone, withOldPods(0), ledger(), guardMadeAfter(seconds(30)));
      const remembers = statusAfter(scene);
      expect(remembers.current).to.deep.include({ hash: GOOD.hash, since: written(later(seconds(1))) });
      const starting = withPods(3, notReadyYet, runningSince(later(minutes(2))));
      const again = aRollout(withStatus(remembers), starting, at(minutes(2)));
      expect(statusAfter(again).current).to.deep.include({ hash: NEW.hash, since: written(again.now) });
    });

    it("that fails goes on to the last good revision", () => {
      const good = ledger(remembered(NEW, "Good"));
      expectRollback(aRollout(undone, seenBefore, good, crashing), NEW, "CrashLooping");
    });
  });

  describe("a second bad version on top of the first", () => {
    const worse = aRevision("6b8c9d7f54", 3, { createdAt: later(seconds(40)) });
    const onTop = rollsOut(worse, GOOD, NEW);

    it("goes back to the good revision, not to the one before", () => {
      const scene = aRollout(onTop, crashing, withIncidents(anIncident({ phase: "Held" })));
      expectRollback(scene, GOOD, "CrashLooping");
      expect(incidentAfter(scene, NEW.source.name).phase).to.equal("Superseded");
    });

    it("is judged on its own pods only", () => {
      const scene = aRollout(onTop, withPods(3, notReadyYet), (scene) => ({
        ...scene,
        oldPods: [],
      }));
      expectLeftAlone(scene, "Progressing", "RolloutProgressing");
    });

    it("waits for the cooldown when the first one was rolled back just before", () => {
      const first = anIncident({ phase: "Recovered", sentAt: later(seconds(35)) });
      expectHeld(aRollout(onTop, crashing, withIncidents(first)), "Cooldown");
    });
  });

  describe("what is not the release's doing", () => {
    it("lets evictions, disruptions and lost nodes pass, during the rollout and after", () => {
      for (const trait of [evicted, disrupted, onLostNode(later(seconds(20)))]) {
        for (const when of [[], [completedAfter(seconds(10))]]) {
          const decision = decisionIn(aRollout(...when, withPods(3, trait), at(minutes(4))));
          expect(effectsOf(decision, "openIncident"), decision.message).to.deep.equal([]);
        }
      }
    });

    it("lets pods that scaling made be slow, once the rollout is complete", () => {
      const scaled = andPods(7, createdAt(later(seconds(30))), notReadyYet);
      const scene = aRollout(completedAfter(seconds(10)), withPods(3), scaled, wanting(10), at(minutes(4)));
      expectLeftAlone(scene, "Baking", "RolloutBaking");
    });

    describe("unless none of the rollout's own pods are left, as after scaling to zero and up again", () => {
      const begin = minutes(6);
      const complete = ledger(remembered(NEW, "Completed", later(seconds(10))), remembered(GOOD, "Good"));

      it("finds the fault of those that were made later", () => {
        const looping = crashed({ restarts: 3, message: "no such table" });
        const scene = aRollout(complete, withPods(3, createdAt(later(begin)), looping), at(minutes(9)));
        expect(effectsOf(decisionIn(scene), "openIncident")).to.have.length(1);
      });

      it("finds it though the others are still ending", () => {
        const ending = withPods(3, beingDeleted);
        const madeLater = andPods(3, createdAt(later(begin)), crashed({ restarts: 3 }));
        const scene = aRollout(complete, ending, madeLater, wanting(3), at(minutes(9)));
        expect(effectsOf(decisionIn(scene), "openIncident")).to.have.length(1);
      });

      it("bakes from when they were made", () => {
        const made = withPods(3, createdAt(later(begin)));
        const early = expectLeftAlone(aRollout(complete, made, at(minutes(9))), "Baking", "RolloutBaking");
        expect(early.wakeAt).to.equal(later(begin + minutes(5)));
        expectLeftAlone(aRollout(complete, made, at(minutes(12))), "Healthy", "RolloutGood");
      });

      it("does not call a release good of which no pod is known", () => {
        const unseen = withWorkload({ replicas: 3, updatedReplicas: 3, availableReplicas: 3 });
        const scene = aRollout(complete, withPods(0), unseen, at(minutes(9)));
        expectLeftAlone(scene, "Baking", "RolloutBaking");
      });
    });

    it("lets a slow start be slow", () => {
      const refused = warned("Unhealthy", "Readiness probe failed: dial tcp: connection refused");
      const slow = withPods(3, notReadyYet);
      expectLeftAlone(aRollout(slow, refused, at(seconds(85))), "Progressing", "RolloutProgressing");
    });
  });

  describe("API servers of two versions, which fill in different defaults", () => {
    const apart = (revision: number) => withWorkload({ templateKey: "with another default", revision });

    it("hide no bad release: it is rolled back as ever, and not to itself", () => {
      expectRollback(aRollout(crashing, apart(NEW.revision)), GOOD, "CrashLooping");
    });

    it("take nothing from a good one, and the guard says why it goes by the number", () => {
      const status = statusAfter(aRollout(apart(NEW.revision), at(minutes(20))));
      expect(status?.phase).to.equal("Healthy");
      expect(status?.conditions?.find(({ type }) => type === "Ready")?.message).to.contain(
        "API servers of different versions set different defaults. The guard uses the revision number 2.",
      );
    });
  });

  it("is patient with a paused rollout that shows no failure", () => {
    const scene = aRollout(
      withPods(1),
      andPods(2, notReadyYet),
      withWorkload({ isPaused: true }),
      at(seconds(9)),
    );
    expectLeftAlone(scene, "Progressing", "Paused");
  });

  it("says that a new template waits for a paused Deployment, which has no revision for it", () => {
    const changed = { isPaused: true, templateKey: "template of nobody", updatedReplicas: 0 };
    const incident = anIncident({ phase: "Held", brake: { reason: "ObserveMode", message: "It observes." } });
    const scene = aRollout(withWorkload(changed), withIncidents(incident));
    expectLeftAlone(scene, "Progressing", "Paused");
    expect(incidentAfter(scene, incident.name)?.phase).to.equal("Superseded");
    expect(statusAfter(scene).activeIncident).to.equal(undefined);
  });

  it("never guesses that the second newest revision is good", () => {
    const unknown = aRevision("7c9d4f5b68", 2, { createdAt: earlier(minutes(5)) });
    const scene = aRollout(rollsOut({ ...NEW, revision: 3 }, unknown, GOOD), withOldPods(0), crashing);
    expectRollback(scene, GOOD);
  });
});
