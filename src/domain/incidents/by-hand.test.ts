import { assert, expect } from "chai";
import { incidentSpecSchema } from "../../api/incident.ts";
import { runChecks } from "../checks/ordered-checks.ts";
import { rolloutOf } from "../rollout/rollout.ts";
import { GOOD, NEW } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectLeftAlone,
  expectRollback,
  incidentAfter,
  statusAfter,
  verdictAfter,
} from "../testing/expect-decision.ts";
import { completedAfter, crashing, withIncidents } from "../testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "../testing/instants.ts";
import { aRestoredWorkload, aRollout, at, type Scene } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { manualIncidentSpec } from "./by-hand.ts";

const ASKED_AT = later(seconds(55));
const asked = anIncident({ kind: "Manual", detectedAt: ASKED_AT });
const sent = { sentAt: later(minutes(1)), generation: 4 };

function rolloutIn(scene: Scene) {
  const rollout = rolloutOf(snapshotOf(scene), scene.now);
  assert(rollout);
  return rollout;
}

describe("a manual rollback", () => {
  describe("its record", () => {
    const specIn = (scene: Scene, isGuarded = true) => {
      const rollout = rolloutIn(scene);
      const request = { to: GOOD, user: "alice", why: "orders are billed twice", isGuarded };
      return manualIncidentSpec(rollout, request, runChecks(rollout, scene.now), scene.now);
    };

    it("says who asked for what and why, where no check fails", () => {
      const spec = specIn(aRollout());
      expect(incidentSpecSchema.parse(spec)).to.deep.equal(spec);
      expect(spec).to.deep.include({
        kind: "Manual",
        requestedBy: "alice",
        reason: "ManualRollback",
        message: "requested by alice: orders are billed twice",
        action: "Undo",
        findings: [],
        guard: { name: "checkout", uid: "uid-of-guard" },
      });
      expect(spec.restoreRevision?.hash).to.equal(GOOD.hash);
    });

    it("keeps what fails as its headline", () => {
      const spec = specIn(aRollout(crashing));
      expect(spec.reason).to.equal("CrashLooping");
      expect(spec.message).to.match(/keeps exiting .*; requested by alice: orders are billed twice$/);
      expect(spec.findings).to.have.lengthOf(1);
    });

    it("names no guard where there is none", () => {
      expect(specIn(aRollout(), false)).to.not.have.property("guard");
    });
  });

  describe("between its Incident and its patch", () => {
    it("is left to the person, whatever the rollout does", () => {
      for (const scene of [aRollout(withIncidents(asked)), aRollout(crashing, withIncidents(asked))]) {
        const decision = expectLeftAlone(scene, "RollingBack", "RollingBack");
        expect(decision.effects).to.deep.equal([]);
        expect(decision.wakeAt).to.equal(ASKED_AT + seconds(30));
      }
    });

    it("does not count as recovered, however long the revision has been good", () => {
      const scene = aRollout(completedAfter(seconds(5)), at(minutes(20)));
      const now = withIncidents(anIncident({ kind: "Manual", detectedAt: scene.now - seconds(1) }));
      expect(decisionIn(now(scene)).effects).to.deep.equal([]);
    });

    it("takes the place of what the guard had held", () => {
      const brake = { reason: "ObserveMode", message: "It only observes." } as const;
      const held = anIncident({ phase: "Held", brake });
      const byHand = anIncident({ kind: "Manual", name: `${NEW.source.name}-2`, detectedAt: ASKED_AT });
      const status = incidentAfter(aRollout(crashing, withIncidents(held, byHand)), held.name);
      expect(status.phase).to.equal("Superseded");
      expect(status.message).to.equal(`Someone is rolling back manually (Incident ${byHand.name}).`);
    });

    it("ends when the patch does not come, condemns nothing, and the guard judges again", () => {
      const scene = aRollout(crashing, withIncidents(asked), at(seconds(90)));
      const status = incidentAfter(scene, asked.name);
      expect([status.phase, status.message]).to.deep.equal([
        "Superseded",
        "The requested rollback was never sent.",
      ]);
      const ended = withIncidents({ ...asked, status });
      expectRollback(aRollout(crashing, ended, at(seconds(91))), GOOD, "CrashLooping");
      const well = ended(aRollout(at(seconds(91))));
      expect(verdictAfter(well, NEW)).to.not.equal("Bad");
    });
  });

  describe("after its patch", () => {
    const incident = (facts: Parameters<typeof anIncident>[0]) =>
      withIncidents(anIncident({ kind: "Manual", detectedAt: ASKED_AT, ...facts }));

    it("is verified like the guard's own, and told as what it is", () => {
      const decision = decisionIn(aRestoredWorkload(incident({ phase: "Acting" })));
      expect(effectsOf(decision, "updateIncident")[0]?.status.phase).to.equal("Verifying");
      const scene = aRestoredWorkload(incident({ phase: "Verifying", ...sent }), at(minutes(2)));
      expect(incidentAfter(scene, NEW.source.name).phase).to.equal("Recovered");
    });

    it("puts the revision into quarantine and leaves the limits of the guard as they were", () => {
      const scene = aRestoredWorkload(incident({ phase: "Recovered", ...sent }), at(minutes(3)));
      expect(verdictAfter(scene, NEW)).to.equal("Bad");
      expect(statusAfter(scene)).to.include({ incidents: 1, rollbacks: 0 });
    });

    it("does not keep the guard from acting on the next release", () => {
      const before = anIncident({
        kind: "Manual",
        name: "checkout-before",
        of: { ...NEW, hash: "before" },
        detectedAt: earlier(seconds(40)),
        phase: "Recovered",
        sentAt: earlier(seconds(40)),
      });
      const automatic = { ...before, spec: { ...before.spec, kind: "Automatic" as const } };
      expectRollback(aRollout(crashing, withIncidents(before)), GOOD);
      expect(decisionIn(aRollout(crashing, withIncidents(automatic))).brake?.reason).to.equal("Cooldown");
    });

    it("is reported in the words of the person", () => {
      const spec = {
        ...asked.spec,
        reason: "ManualRollback" as const,
        message: `requested by alice at ${written(ASKED_AT)}`,
      };
      const scene = aRestoredWorkload(withIncidents({ ...asked, spec }));
      const [event] = effectsOf(decisionIn(scene), "publishEvent");
      expect(event?.event.message).to.include(
        "Manual rollback of revision 2 (596f7cbf4b), requested by alice",
      );
    });
  });
});
