import { assert, expect } from "chai";
import type { Decision } from "../decision.ts";
import type { PauseOrResume } from "../effects/change.ts";
import {
  cannotBeCreated,
  crashed,
  lostReadiness,
  notReadyYet,
  type PodTrait,
  readyAfter,
  runningAgain,
  runningSince,
  waitsFor,
  waitsForGate,
} from "../testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { appWith, labels } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import { decisionIn, effectsOf, expectRollback, statusAfter } from "../testing/expect-decision.ts";
import {
  andPods,
  changing,
  frozenFor,
  notingFreeze,
  warned,
  withGuard,
  withIncidents,
  withOldPods,
  withOthers,
  withPods,
  withService,
  withSpec,
  withStatus,
  withSurroundings,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "../testing/instants.ts";
import { aRollout, at, type Fact, ledger, type Scene } from "../testing/scene.ts";
import { runUntil, runUntilSettled } from "../testing/small-world.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";

const early = at(seconds(8));
const unavailable = withWorkload({ maxUnavailable: 1 });

/** The new pods lack a label on which the Service selects; the first of them is starting. */
function labelLost(...facts: readonly Fact[]): Scene {
  return aRollout(
    early,
    changing(labels({ app: "checkout" })),
    withPods(1, notReadyYet),
    withOldPods(3),
    ...facts,
  );
}

/** The first new pod has crashed once, and two old pods serve. */
function crashedOnce(...facts: readonly Fact[]): Scene {
  return aRollout(early, unavailable, withPods(1, crashed({ restarts: 1 })), withOldPods(2), ...facts);
}

function cannotPull(words: string): PodTrait {
  return (pod) => ({
    ...waitsFor("ErrImagePull", `failed to pull "registry.example/checkout:2": ${words}`)(pod),
    startFailure: { kind: "image", sinceAt: later(seconds(2)) },
  });
}

function pauseIn(decision: Decision): PauseOrResume | undefined {
  const [effect] = effectsOf(decision, "change");
  assert(effect?.change.do !== "restoreTemplate", "it rolls back");
  return effect?.change;
}

const expectPaused = (scene: Scene) => expect(pauseIn(decisionIn(scene))?.do).to.equal("pauseRollout");
const expectResumed = (scene: Scene) => expect(pauseIn(decisionIn(scene))?.do).to.equal("resumeRollout");
const expectUntouched = (scene: Scene) => expect(pauseIn(decisionIn(scene))).to.equal(undefined);

describe("a suspicious rollout", () => {
  it("is paused, the very Deployment that was judged, and the guard's status says so before", () => {
    const decision = decisionIn(labelLost());
    expect(decision.effects.map(({ type }) => type)).to.deep.equal(["updateGuardStatus", "change"]);
    expect(pauseIn(decision)).to.deep.equal({
      do: "pauseRollout",
      on: { kind: "Deployment", name: "checkout" },
      expect: { uid: "uid-of-deployment", generation: 4 },
      why: { revision: NEW.hash },
    });
    expect(statusAfter(labelLost()).freeze).to.deep.equal({
      revision: NEW.hash,
      state: "Pausing",
      reason: "EmptyEndpoints",
      message:
        "Service checkout loses its endpoints with the old pods: its selector requires tier=backend, which the new pods do not have",
      since: written(later(seconds(8))),
      // The patience with what a release does, and twice the start of a good pod.
      until: written(later(seconds(8 + 150 + 2 * 3))),
    });
  });

  describe("shows itself", () => {
    const signs: Readonly<Record<string, Scene>> = {
      "by a label on which a Service selects": labelLost(),
      "by a named port to which a Service sends": aRollout(
        early,
        withOthers(
          aRevision(
            GOOD.hash,
            1,
            { createdAt: GOOD.createdAt },
            appWith({ ports: [{ name: "web", port: 8080 }] }),
          ),
        ),
        withService({ ports: [{ port: 80, targetPort: "web" }] }),
        withPods(1, notReadyYet),
        withOldPods(3),
      ),
      "by a crash": crashedOnce(),
      "by a crash, although the container runs again": crashedOnce(
        withPods(1, runningAgain(1, later(seconds(7))), notReadyYet),
      ),
      "by a crash, although the pod is ready for a moment": crashedOnce(
        withPods(1, runningAgain(1, later(seconds(7)))),
      ),
      "by a crash, although another pod is ready for a moment between its own": crashedOnce(
        withPods(1, runningAgain(2, later(seconds(7)))),
        andPods(1, crashed({ restarts: 1 })),
      ),
      "by a crash that other pods have survived, after fewer tries": crashedOnce(
        withPods(1, runningAgain(1, later(seconds(3)))),
        andPods(1, crashed({ restarts: 1 })),
      ),
      "by a crash, where no probe says that a pod which runs again is well": crashedOnce(
        changing(appWith({ readiness: undefined })),
        withPods(1, runningAgain(1, later(seconds(3)))),
      ),
      "by an image that does not exist": aRollout(
        early,
        unavailable,
        withPods(1, cannotPull("manifest unknown")),
        withOldPods(2),
      ),
      "by a Secret that does not exist": aRollout(
        early,
        unavailable,
        withPods(1, cannotBeCreated('secret "sessions" not found', later(seconds(2)))),
        withOldPods(2),
      ),
      "by a pod that lost readiness": aRollout(
        at(seconds(20)),
        withPods(1, lostReadiness(later(seconds(15)))),
        withOldPods(2),
      ),
    };
    for (const [how, scene] of Object.entries(signs)) it(how, () => expectPaused(scene));

    it("by a probe that answers with an error longer than a good pod needs to start", () => {
      const started = runningSince(later(seconds(1)));
      const failing = (after: number, message: string) =>
        aRollout(
          at(seconds(after)),
          unavailable,
          ledger(remembered(GOOD, "Good", earlier(minutes(50)), { secondsToReady: 12 })),
          withPods(1, notReadyYet, started),
          withOldPods(2),
          warned("Unhealthy", message),
        );
      const error = "Readiness probe failed: HTTP probe failed with statuscode: 500";
      expectPaused(failing(14, error));
      expectUntouched(failing(12, error));
      expectUntouched(failing(30, "Readiness probe failed: HTTP probe failed with statuscode: 503"));
      expectPaused(failing(36, "Readiness probe failed: HTTP probe failed with statuscode: 503"));
    });
  });

  describe("is none", () => {
    const ordinary: Readonly<Record<string, Scene>> = {
      "while its pods start": aRollout(early, unavailable, withPods(1, notReadyYet), withOldPods(2)),
      "where a start takes minutes, as that of the good revision did": aRollout(
        at(minutes(4)),
        unavailable,
        ledger(remembered(GOOD, "Good", earlier(minutes(50)), { secondsToReady: 180 })),
        withPods(1, notReadyYet),
        withOldPods(2),
      ),
      "while a load balancer has not set its readiness gate": aRollout(
        at(minutes(2)),
        unavailable,
        withPods(1, waitsForGate),
        withOldPods(2),
      ),
      "where the good revision crashes as often before it starts": crashedOnce(
        ledger(remembered(GOOD, "Good", earlier(minutes(50)), { failedStarts: 3 })),
      ),
      "where a pod that has crashed is ready, and runs for longer than it did then": crashedOnce(
        withPods(1, runningAgain(1, later(seconds(6)))),
      ),
      "where another pod that crashed as often has survived since": crashedOnce(
        withPods(1, runningAgain(2, later(seconds(3)))),
        andPods(1, crashed({ restarts: 1 })),
      ),
      "where a registry throttles": aRollout(
        early,
        unavailable,
        withPods(1, cannotPull("429 Too Many Requests")),
        withOldPods(2),
      ),
      "where the Service never served": labelLost(
        withStatus({ services: [] }),
        withService({ readyEndpoints: 0 }),
      ),
      "where the Service was changed with it": labelLost(
        withService({ selector: { app: "checkout" }, readyEndpoints: 3 }),
      ),
    };
    for (const [why, scene] of Object.entries(ordinary)) it(why, () => expectUntouched(scene));
  });

  describe("is not paused", () => {
    const never: Readonly<Record<string, Fact>> = {
      "where the guard says freeze: Never": withSpec({ freeze: "Never" }),
      "by a guard that only observes": withSpec({ mode: "Observe" }),
      "by an operator that only observes": withSurroundings({ observeOnly: true }),
      "with the strategy Recreate, which has ended the old pods": withWorkload({ strategy: "Recreate" }),
      "where no old pod serves": withOldPods(2, notReadyYet),
      "where no old pod can be lost": withWorkload({ maxUnavailable: 0 }),
      "under a veto": withWorkload({ veto: "no" }),
      "where another object controls the Deployment": withWorkload({ owner: { kind: "Rollout", name: "r" } }),
      "where there is no revision to restore": withOthers(),
      "where a person has paused it": withWorkload({ isPaused: true }),
      "in a change that is not observed yet": withWorkload({ observedGeneration: 3 }),
      "a second time when a person has resumed it": notingFreeze({ state: "ResumedByUser" }),
      "when its time is over": notingFreeze({ state: "Resumed", until: written(later(seconds(7))) }),
    };
    for (const [where, fact] of Object.entries(never)) it(where, () => expectUntouched(crashedOnce(fact)));

    it("where it was resumed and paused by others at once: that is a resume", () => {
      const scene = crashedOnce(notingFreeze());
      expectUntouched(scene);
      expect(statusAfter(scene).freeze?.state).to.equal("ResumedByUser");
    });

    it("when the API server has refused the pause for a minute", () => {
      const meant = notingFreeze({ state: "Pausing" });
      expectPaused(crashedOnce(meant));
      const scene = crashedOnce(meant, at(seconds(70)));
      expectUntouched(scene);
      expect(statusAfter(scene).freeze?.state).to.equal("Resumed");
    });
  });

  it("is paused again within its time when it is suspicious again", () => {
    expectPaused(crashedOnce(notingFreeze({ state: "Resumed" })));
  });

  it("is paused within its time when it was not suspicious any more before the pause was sent", () => {
    const meant = notingFreeze({ state: "Pausing" });
    const { freeze } = statusAfter(crashedOnce(meant, withPods(1, readyAfter(seconds(3)))));
    expect(freeze?.state).to.equal("Resumed");
    expectPaused(crashedOnce(notingFreeze(freeze), at(seconds(20))));
  });
});

describe("a rollout that RolloutGuard has paused", () => {
  const frozen = frozenFor(NEW);

  it("stays so while it is suspicious, and the guard says until when", () => {
    const decision = decisionIn(crashedOnce(frozen));
    expect(pauseIn(decision)).to.equal(undefined);
    expect(decision).to.include({ phase: "Progressing", reason: "Frozen" });
    expect(decision.message).to.equal(
      "RolloutGuard paused the rollout of revision 2 (596f7cbf4b) until 2026-03-02T09:03:00.000Z at the latest, because it is suspicious: 1 of 1 pod: container app keeps exiting with code 1.",
    );
    expect(decision.wakeAt).to.be.at.most(later(minutes(3)));
  });

  it("stays so until a container that has crashed runs steadily, and is decided about again then", () => {
    const scene = (after: number) =>
      crashedOnce(frozen, withPods(1, runningAgain(1, later(seconds(7)))), at(seconds(after)));
    expectUntouched(scene(8));
    expectUntouched(scene(36));
    expect(decisionIn(scene(36)).wakeAt).to.be.at.most(later(seconds(60)));
    expectResumed(scene(37));
  });

  it("is reported in an Event once, with the commands to continue and to go back", () => {
    const scene = crashedOnce(frozen, notingFreeze({ state: "Pausing" }));
    const [event] = effectsOf(decisionIn(scene), "publishEvent");
    expect(event?.event).to.include({ on: "Workload", type: "Warning", reason: "Frozen" });
    expect(event?.event.message)
      .to.contain("until 2026-03-02T09:03:00.000Z at the latest")
      .and.contain("kubectl rollout resume deployment/checkout -n shop")
      .and.contain("kubectl rolloutguard rollback checkout -n shop");
    expect(effectsOf(decisionIn(crashedOnce(frozen)), "publishEvent")).to.deep.equal([]);
  });

  it("is rolled back as any other when it fails: its own pause is no brake", () => {
    const scene = crashedOnce(
      frozen,
      withPods(1, crashed({ restarts: 3 })),
      at(minutes(2.9)),
      withOldPods(2),
    );
    expectRollback(scene, GOOD, "CrashLooping");
  });

  it("fails by what was foreseen when the Service does not follow within its patience", () => {
    const scene = (after: number, ...facts: readonly Fact[]) =>
      labelLost(frozen, withPods(1, readyAfter(seconds(3))), at(seconds(after)), ...facts);
    expectUntouched(scene(15));
    expectRollback(scene(21), GOOD, "EmptyEndpoints");
    expectUntouched(scene(30, withSpec({ checks: { emptyEndpoints: { for: "1m" } } })));
    expectResumed(scene(17, withService({ selector: { app: "checkout" } })));
  });

  it("does not fail by it where it is not paused: what is lost then counts", () => {
    expectUntouched(
      labelLost(withSpec({ freeze: "Never" }), withPods(1, readyAfter(seconds(3))), at(minutes(2))),
    );
  });

  describe("is resumed", () => {
    const template = { templateKey: "another template", generation: 7, observedGeneration: 7 };
    const over: Readonly<Record<string, Fact>> = {
      "as soon as it is not suspicious any more": withPods(1, readyAfter(seconds(3))),
      "when the time is over that the guard named": notingFreeze({ until: written(later(seconds(7))) }),
      "when the guard notes the pause of another rollout": notingFreeze({ revision: GOOD.hash }),
      "when another template is applied, which would not roll out under it": withWorkload(template),
      "when the old template is applied again": (scene) => ({ ...scene, current: GOOD, others: [NEW] }),
      "when a brake would hold the rollback": withWorkload({ veto: "no" }),
      "when no old pod serves any more": withOldPods(0),
      "when the guard is not to pause it any more": withSpec({ freeze: "Never" }),
      "when the guard only observes from now on": withSpec({ mode: "Observe" }),
      "when the guard's spec is not valid any more": withGuard({ spec: { invalid: "spec.bakeTime: no" } }),
      "when that was meant already": notingFreeze({ state: "Resumed" }),
    };
    for (const [when, fact] of Object.entries(over)) it(when, () => expectResumed(crashedOnce(frozen, fact)));

    it("and the guard's status says so before", () => {
      const scene = crashedOnce(frozen, withPods(1, readyAfter(seconds(3))));
      const { effects } = decisionIn(scene);
      expect(effects.map(({ type }) => type)).to.deep.equal(["updateGuardStatus", "publishEvent", "change"]);
      expect(statusAfter(scene).freeze?.state).to.equal("Resumed");
    });

    it("once a person has done so only its annotation goes, and that is noted", () => {
      const scene = crashedOnce(frozen, withWorkload({ isPaused: false }));
      expectResumed(scene);
      expect(statusAfter(scene).freeze?.state).to.equal("ResumedByUser");
      const run = runUntilSettled(snapshotOf(scene), scene.now);
      expect(run.snapshot.workload?.frozenRevision).to.equal(undefined);
      expect(run.snapshot.workload?.isPaused).to.equal(false);
    });

    it("when it fails and a brake holds the rollback", () => {
      const sent = anIncident({ phase: "Recovered", sentAt: earlier(minutes(2)), of: aRevision("older", 1) });
      const scene = crashedOnce(
        frozen,
        withIncidents(sent),
        withPods(1, crashed({ restarts: 3 })),
        withOldPods(1),
      );
      const decision = decisionIn(scene);
      expect(decision.brake?.reason).to.equal("Cooldown");
      expect(pauseIn(decision)?.do).to.equal("resumeRollout");
    });
  });

  describe("is left", () => {
    const left: Readonly<Record<string, Fact>> = {
      "by an operator that must not change anything": withSurroundings({ observeOnly: true }),
      "to the older guard": withGuard({ olderGuard: "older" }),
      "where the Deployment is being deleted": withWorkload({ isDeleting: true }),
      "to a person who is rolling it back at this moment": withIncidents(
        anIncident({ kind: "Manual", phase: "Acting", detectedAt: later(seconds(7)) }),
      ),
    };
    for (const [why, fact] of Object.entries(left)) {
      it(why, () => expectUntouched(crashedOnce(frozen, withPods(1, readyAfter(seconds(3))), fact)));
    }
  });

  it("is not held for longer than it said, whatever happens, and the pause leaves nothing behind", () => {
    const scene = crashedOnce(withPods(1, crashed({ restarts: 1 })));
    const run = runUntil(snapshotOf(scene), scene.now, later(minutes(20)));
    const changes = run.decisions.flatMap((decision) => effectsOf(decision, "change"));
    expect(changes.map(({ change }) => change.do)).to.deep.equal(["pauseRollout", "resumeRollout"]);
    expect(run.snapshot.workload).to.include({ isPaused: false, frozenRevision: undefined });
  });
});
