// What holds in every scene, however unlikely.

import { expect } from "chai";
import fc from "fast-check";
import { isOpen, phaseOf } from "../api/incident.ts";
import { undoStep } from "../api/incident-step.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { Change, PauseOrResume } from "./effects/change.ts";
import { cacheBehindUntil } from "./guard/cache-behind.ts";
import { historyOf, knownOf } from "./history/history.ts";
import { restoredHash } from "./history/incident-roles.ts";
import { BEHAVIOUR_MS } from "./rollout/patience.ts";
import { policyOf } from "./rollout/policy.ts";
import { rolloutOf } from "./rollout/rollout.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { afterRestart } from "./testing/after-restart.ts";
import { arbitraryScene } from "./testing/arbitrary-scene.ts";
import { decisionIn, effectsOf } from "./testing/expect-decision.ts";
import { crashing, withoutEvents, withSpec, withWorkload } from "./testing/facts.ts";
import { minutes } from "./testing/instants.ts";
import { propertyRuns } from "./testing/property-runs.ts";
import { aRollout, type Fact, given, type Scene } from "./testing/scene.ts";
import { runUntil, runUntilSettled, withEffect } from "./testing/small-world.ts";
import { snapshotOf } from "./testing/snapshot-of.ts";

/** The checks whose duration is called patience. */
const PATIENT_CHECKS = [
  "crashLoop",
  "imagePull",
  "configError",
  "createFailed",
  "podRejected",
  "unschedulable",
  "readiness",
];

const RUNS = propertyRuns(2_000);

function inEveryScene(holds: (scene: Scene) => void, runs = RUNS): void {
  fc.assert(fc.property(arbitraryScene, holds), runs);
}

/** Every rollback that a decision calls for, with the snapshot that it was decided on. */
function inEveryRollback(holds: (snapshot: Snapshot, decision: Decision, now: number) => void): void {
  let count = 0;
  inEveryScene((scene) => {
    const snapshot = snapshotOf(scene);
    const decision = decide(snapshot, scene.now);
    if (!effectsOf(decision, "change").some(({ change }) => change.do === "restoreTemplate")) return;
    count += 1;
    holds(snapshot, decision, scene.now);
  });
  expect(count, "rollbacks that were looked at").to.be.greaterThan(50);
}

function planIn(decision: Decision) {
  const [effect] = effectsOf(decision, "change");
  if (effect?.change.do !== "restoreTemplate") throw new Error("no rollback");
  return effect.change;
}

function rollbacksIn(decision: Decision) {
  return effectsOf(decision, "change").filter(({ change }) => change.do === "restoreTemplate");
}

function pausesIn(decision: Decision): readonly PauseOrResume[] {
  return effectsOf(decision, "change").flatMap(({ change }) =>
    change.do === "restoreTemplate" ? [] : [change],
  );
}

/** How many changes of that sort the decisions call for. */
function changesIn(decisions: readonly Decision[], what: Change["do"]): number {
  const changes = decisions.flatMap((decision) => effectsOf(decision, "change"));
  return changes.filter(({ change }) => change.do === what).length;
}

/** Before that nothing is said: what is seen can be behind an Incident. */
function whenAllIsSeen(snapshot: Snapshot, now: number): number {
  const until = cacheBehindUntil(snapshot, now);
  return until === undefined ? now : whenAllIsSeen(snapshot, until);
}

describe("decide, in every scene", () => {
  describe("a rollback", () => {
    it("never goes to the template that runs, nor to one that differs only by a restart", () => {
      inEveryRollback((snapshot, decision) => {
        const plan = planIn(decision);
        const from = snapshot.revisions.find(({ hash }) => hash === plan.from.hash);
        const to = snapshot.revisions.find(({ hash }) => hash === plan.to.hash);
        expect(from?.templateKey).to.equal(snapshot.workload?.templateKey);
        expect(to).not.to.equal(undefined);
        expect(to?.templateKey).not.to.equal(from?.templateKey);
        expect(to?.contentKey).not.to.equal(from?.contentKey);
      });
    });

    it("never goes to a revision in quarantine", () => {
      inEveryRollback((snapshot, decision) => {
        const { verdict } = knownOf(historyOf(snapshot), planIn(decision).to.hash);
        expect(verdict).not.to.equal("Bad");
      });
    });

    it("never goes past the limits", () => {
      inEveryRollback(({ guard, incidents }, decision, now) => {
        if (!("valid" in guard.spec)) throw new Error("an invalid guard acts");
        const policy = policyOf(guard.spec.valid);
        const sentAts = incidents
          .filter(({ name }) => name !== planIn(decision).incident)
          .flatMap(({ status }) => undoStep(status) ?? [])
          .map(({ startedAt }) => Date.parse(startedAt))
          // What was sent in the future was not sent.
          .filter((sentAt) => sentAt <= now + 60_000);
        const recent = sentAts.filter((sentAt) => sentAt > now - policy.windowMs);
        expect(recent.length).to.be.lessThan(policy.spec.limits.maxRollbacks);
        expect(Math.max(...sentAts) + policy.cooldownMs).to.be.at.most(now);
      });
    });

    it("is never made by a guard that may not act", () => {
      inEveryRollback(({ guard, workload, surroundings }) => {
        expect("valid" in guard.spec && guard.spec.valid.mode).to.equal("Rollback");
        expect(guard.olderGuard).to.equal(undefined);
        expect(surroundings.observeOnly).to.equal(false);
        expect(workload).to.deep.include({ isDeleting: false });
        expect(workload?.isPaused === true && workload.frozenRevision === undefined, "paused").to.equal(
          false,
        );
        expect(workload?.veto).to.equal(undefined);
        expect(workload?.observedGeneration).to.equal(workload?.generation);
        expect(workload?.desiredReplicas).to.be.greaterThan(0);
      });
    });

    it("has an Incident that says so, written before it", () => {
      inEveryRollback((snapshot, decision) => {
        const { incident: name, to } = planIn(decision);
        expect(decision.effects.at(-1)?.type).to.equal("change");
        const written = decision.effects.slice(0, -1).reduce(withEffect, snapshot);
        const incident = written.incidents.find((one) => one.name === name);
        expect(incident && phaseOf(incident)).to.equal("Acting");
        expect(incident && restoredHash(incident)).to.equal(to.hash);
      });
    });

    it("comes only with a check that fails, and without a brake", () => {
      inEveryRollback((_snapshot, { findings, brake, phase }) => {
        expect(findings.some(({ verdict }) => verdict === "failing")).to.equal(true);
        expect(brake).to.equal(undefined);
        expect(phase).to.equal("RollingBack");
      });
    });
  });

  it("changes nothing of what it is given, and says the same when it is asked again", () => {
    inEveryScene((scene) => {
      const snapshot = snapshotOf(scene);
      expect(decide(snapshot, scene.now)).to.deep.equal(decide(snapshot, scene.now));
    });
  });

  it("says the same whatever the order of what it is given", () => {
    inEveryScene((scene) => {
      const snapshot = snapshotOf(scene);
      const turned: Snapshot = {
        ...snapshot,
        revisions: [...snapshot.revisions].reverse(),
        incidents: [...snapshot.incidents].reverse(),
      };
      const [one, other] = [decide(snapshot, scene.now), decide(turned, scene.now)];
      expect([other.phase, other.reason, other.message]).to.deep.equal([one.phase, one.reason, one.message]);
      expect(other.effects).to.deep.equal(one.effects);
    });
  });

  it("asks to be woken only in the future", () => {
    inEveryScene((scene) => {
      const { wakeAt } = decisionIn(scene);
      if (wakeAt === undefined) return;
      expect(wakeAt).to.be.greaterThan(scene.now);
      expect(Number.isFinite(wakeAt)).to.equal(true);
    });
  });

  it("does at most one rollback, opens at most one Incident, and writes the status after all that it rests on", () => {
    inEveryScene((scene) => {
      const types = decisionIn(scene).effects.map(({ type }) => type);
      expect(types.filter((type) => type === "change").length).to.be.at.most(1);
      expect(types.filter((type) => type === "openIncident").length).to.be.at.most(1);
      if (pausesIn(decisionIn(scene)).length > 0) return;
      const status = types.indexOf("updateGuardStatus");
      const afterStatus = status < 0 ? [] : types.slice(status + 1);
      expect(afterStatus).to.satisfy((rest: string[]) =>
        rest.every((type) => type === "deleteIncident" || type === "publishEvent"),
      );
    });
  });

  it("records a pause, and whose resume it is, before it does either", () => {
    let count = 0;
    inEveryScene((scene) => {
      const { effects } = decisionIn(scene);
      const index = effects.findIndex(({ type }) => type === "change");
      const [change] = pausesIn(decisionIn(scene));
      if (change?.do !== "pauseRollout" || !("revision" in change.why)) return;
      count += 1;
      const written = effects.slice(0, index).reduce(withEffect, snapshotOf(scene));
      expect(written.guard.status.freeze).to.include({ revision: change.why.revision, state: "Pausing" });
    });
    expect(count, "pauses that were looked at").to.be.greaterThan(20);
  });

  it("never leaves more than one Incident open", () => {
    inEveryScene((scene) => {
      if ("invalid" in scene.guard.spec || scene.guard.olderGuard) return;
      const snapshot = snapshotOf(scene);
      const run = runUntilSettled(snapshot, whenAllIsSeen(snapshot, scene.now));
      expect(run.snapshot.incidents.filter((incident) => isOpen(incident)).length).to.be.at.most(1);
    });
  });

  it("does nothing to the cluster while a brake holds or all is well", () => {
    inEveryScene((scene) => {
      const decision = decisionIn(scene);
      const isWell = decision.phase === "Healthy" || decision.phase === "Baking";
      const changes = effectsOf(decision, "change").filter(({ change }) => change.do !== "resumeRollout");
      if (decision.brake || isWell) expect(changes).to.deep.equal([]);
    });
  });

  it("comes to rest within a few passes over a cluster that stands still", () => {
    inEveryScene((scene) => {
      const run = runUntilSettled(snapshotOf(scene), scene.now, 8);
      expect(run.decisions.at(-1)?.effects).to.deep.equal([]);
      expect(changesIn(run.decisions, "restoreTemplate")).to.be.at.most(1);
    });
  });

  it("rolls a failure back at most once, however long a cluster stands still that does not recover", () => {
    inEveryScene((scene) => {
      const run = runUntil(snapshotOf(scene), scene.now, scene.now + minutes(30));
      expect(changesIn(run.decisions, "restoreTemplate")).to.be.at.most(1);
    }, propertyRuns(300));
  });

  it("stops a rollback at most once, and leaves no pause of its own behind that nobody would end", () => {
    inEveryScene((scene) => {
      const run = runUntil(snapshotOf(scene), scene.now, scene.now + minutes(30));
      const stops = run.decisions.flatMap(pausesIn).filter((change) => "incident" in change.why);
      expect(stops.filter((change) => change.do === "pauseRollout").length).to.be.at.most(1);
      const { workload, incidents, surroundings, guard } = run.snapshot;
      const isOthers = surroundings.observeOnly || guard.olderGuard !== undefined || workload?.isDeleting;
      if (workload?.pausedFor === undefined || isOthers) return;
      const incident = incidents.find(({ name }) => name === workload.pausedFor);
      expect(incident?.status?.phase).to.be.oneOf(["NotRecovered", "Verifying"]);
      expect(run.decisions.at(-1)?.wakeAt).not.to.equal(undefined);
    }, propertyRuns(300));
  });

  it("pauses a suspicious rollout at most once in a cluster that stands still, and never for longer than it said", () => {
    inEveryScene((scene) => {
      const run = runUntil(snapshotOf(scene), scene.now, scene.now + minutes(61));
      const pauses = run.decisions.flatMap(pausesIn).filter((change) => "revision" in change.why);
      expect(pauses.filter((change) => change.do === "pauseRollout").length).to.be.at.most(1);
      const { workload, surroundings, guard } = run.snapshot;
      const isOthers = surroundings.observeOnly || guard.olderGuard !== undefined || workload?.isDeleting;
      if (!isOthers) expect(workload?.frozenRevision, "the pause").to.equal(undefined);
    }, propertyRuns(300));
  });

  describe("Events", () => {
    /**
     * Two kinds bear weight beside the pod's status: it has no word for a missing volume, and kubelets before v1.32 do not
     * put a registry's answer into it.
     */
    const withoutProof: Fact = (scene) => ({
      ...scene,
      podEvents: scene.podEvents.filter(({ reason }) => reason !== "FailedMount" && reason !== "Failed"),
    });

    it("never cause a rollback: without them it would be made too", () => {
      inEveryScene((scene) => {
        const reported = given(scene, withoutProof);
        if (rollbacksIn(decisionIn(reported)).length === 0) return;
        expect(rollbacksIn(decisionIn(given(reported, withoutEvents)))).to.have.length(1);
      });
    });

    it("only ever lengthen patience: what they hold back is a pod that is not ready yet", () => {
      inEveryScene((scene) => {
        const reported = given(scene, withoutProof);
        const silent = decisionIn(given(scene, withoutEvents));
        const [rollback] = rollbacksIn(silent);
        if (!rollback || rollbacksIn(decisionIn(reported)).length > 0) return;
        const failing = silent.findings.filter(({ verdict }) => verdict === "failing");
        expect(failing.map(({ check }) => check)).to.have.members(["readiness"]);
      });
    });
  });

  describe("patience", () => {
    const failingIn = (scene: Scene) =>
      decisionIn(scene).findings.flatMap(({ check, verdict }) => (verdict === "failing" ? [check] : []));

    it("never decides earlier when the guard gives more of it", () => {
      const allOf = (duration: string) =>
        withSpec({
          checks: {
            ...Object.fromEntries(PATIENT_CHECKS.map((check) => [check, { patience: duration }])),
            emptyEndpoints: { for: duration },
            degraded: { for: duration },
          },
        });
      inEveryScene((scene) => {
        const patient = failingIn(given(scene, allOf("2m")));
        expect(failingIn(given(scene, allOf("30s")))).to.include.members(patient);
      });
    });

    it("never decides earlier while nobody is hurt", () => {
      inEveryScene((scene) => {
        const [unhurt, hurt] = [3, 1].map((readyEndpoints) => {
          const keeps = scene.services.map((service) => ({ ...service, readyEndpoints }));
          return failingIn({ ...scene, services: keeps });
        });
        // Endpoints that are lost are a fault of their own.
        expect([...(hurt ?? []), "emptyEndpoints"]).to.include.members(unhurt ?? []);
      });
    });

    it("gives what the release does two and a half minutes while nobody is hurt, however it fails", () => {
      let count = 0;
      inEveryRollback((snapshot, { findings }, now) => {
        const { checks } = "valid" in snapshot.guard.spec ? snapshot.guard.spec.valid : {};
        const rollout = rolloutOf(snapshot, now);
        if (!rollout || rollout.loss.share > 0 || checks?.readiness.patience !== "Auto") return;
        const failing = findings.filter((finding) => finding.verdict === "failing");
        for (const { check, sinceAt, pods = [] } of failing) {
          if (check !== "readiness" && check !== "crashLoop") continue;
          const firstAts = pods.map((pod) => pod.firstFailureAt ?? pod.createdAt);
          const beganAt = check === "readiness" ? sinceAt : Math.min(...firstAts);
          count += 1;
          expect(now - beganAt).to.be.at.least(BEHAVIOUR_MS);
        }
      });
      expect(count, "such rollbacks").to.be.greaterThan(5);
    });
  });

  describe("a restart of the operator", () => {
    const inEveryRestart = (holds: (before: Decision, after: Decision) => void) =>
      inEveryScene((scene) => {
        const snapshot = snapshotOf(scene);
        holds(decide(snapshot, scene.now), decide(afterRestart(snapshot, scene.now), scene.now));
      });

    it("never turns what was left alone into a rollback", () => {
      inEveryRestart((before, after) => {
        // What was held has an Incident: decide.incidents.
        if (before.brake || rollbacksIn(before).length > 0) return;
        expect(rollbacksIn(after), after.message).to.deep.equal([]);
      });
    });

    it("never opens an Incident about what was left alone", () => {
      inEveryRestart((before, after) => {
        if (effectsOf(before, "openIncident").length > 0) return;
        expect(effectsOf(after, "openIncident"), after.message).to.deep.equal([]);
      });
    });
  });

  it("does go back where it should: the scenes are not all harmless", () => {
    expect(effectsOf(decisionIn(aRollout(crashing)), "change")).to.have.length(1);
    expect(effectsOf(decisionIn(aRollout(crashing, withWorkload({ veto: "" }))), "change")).to.have.length(0);
  });
});
