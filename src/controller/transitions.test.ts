import { expect } from "chai";
import type { IncidentStatus } from "../api/incident.ts";
import { decide } from "../domain/decide.ts";
import {
  changeEffect,
  type Effect,
  openIncidentEffect,
  updateIncidentEffect,
} from "../domain/effects/effect.ts";
import type { IncidentView } from "../domain/snapshot/incident.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { anIncident } from "../domain/testing/an-incident.ts";
import { withIncidents, withStatus } from "../domain/testing/facts.ts";
import { seconds, T0 } from "../domain/testing/instants.ts";
import { aRollout } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createLogRecorder } from "./testing/log-recorder.ts";
import { Transitions } from "./transitions.ts";

const KEY = "shop/checkout/Deployment/checkout";

function aTeller() {
  const metrics = createMetrics({ version: "test" });
  const { logger, lines } = createLogRecorder();
  return {
    transitions: new Transitions(metrics),
    logger,
    infos: () => lines.filter(({ level }) => level === "info").map(({ message }) => message),
    /** The series that are not 0. */
    moved: async (name: string) => {
      const { body } = await metrics.render();
      return body
        .split("\n")
        .filter((line) => line.startsWith(`rollout_guard_${name}`) && !line.endsWith(" 0"));
    },
  };
}

function update(incident: IncidentView, status: Partial<IncidentStatus>): Effect {
  const before = incident.status ?? { phase: "Held", message: "", timeline: [] };
  return updateIncidentEffect(incident.name, { ...before, ...status });
}

function around(incident: IncidentView): Snapshot {
  return snapshotOf(aRollout(withIncidents(incident)));
}

describe("Transitions", () => {
  it("tells what was decided when it is news, once", () => {
    const { transitions, logger, infos } = aTeller();
    const snapshot = snapshotOf(aRollout());
    const decision = decide(snapshot, T0 + seconds(60));
    transitions.decided(logger, KEY, snapshot, decision);
    transitions.decided(logger, KEY, snapshot, decision);
    expect(infos()).to.deep.equal([`${decision.reason}: ${decision.message}`]);
    transitions.decided(logger, KEY, snapshot, { ...decision, reason: "Paused" });
    expect(infos()).to.have.length(2);
  });

  it("does not tell after a restart what the guard's status tells already", () => {
    const { transitions, logger, infos } = aTeller();
    const decision = decide(snapshotOf(aRollout()), T0 + seconds(60));
    const { phase, reason, message } = decision;
    const healthy = {
      type: "Healthy",
      status: "True" as const,
      reason,
      message,
      lastTransitionTime: "2026-03-02T09:00:00Z",
    };
    const snapshot = snapshotOf(aRollout(withStatus({ phase, conditions: [healthy] })));
    transitions.decided(logger, KEY, snapshot, decision);
    expect(infos()).to.deep.equal([]);
  });

  it("shows guards by phase and forgets those that are gone", async () => {
    const { transitions, logger, moved } = aTeller();
    const snapshot = snapshotOf(aRollout());
    const decision = decide(snapshot, T0 + seconds(60));
    transitions.decided(logger, KEY, snapshot, decision);
    expect(await moved("guards")).to.deep.equal([`rollout_guard_guards{phase="${decision.phase}"} 1`]);
    transitions.forget(KEY);
    expect(await moved("guards")).to.deep.equal([]);
  });

  it("counts an Incident when it is opened, with the seconds to detect it", async () => {
    const { transitions, logger, infos, moved } = aTeller();
    const { name, spec } = anIncident({ detectedAt: T0 + seconds(40) });
    transitions.written(logger, snapshotOf(aRollout()), openIncidentEffect(name, spec));
    expect(await moved("incidents_total")).to.deep.equal([
      'rollout_guard_incidents_total{reason="CrashLooping"} 1',
    ]);
    expect(await moved("incident_causes_total")).to.deep.equal([
      'rollout_guard_incident_causes_total{cause="Unknown"} 1',
    ]);
    expect(await moved("detection_seconds_sum")).to.deep.equal(["rollout_guard_detection_seconds_sum 40"]);
    expect(infos()).to.have.length(1);
  });

  it("counts a brake when the Incident first names it, and again only when it changes", async () => {
    const { transitions, logger, infos, moved } = aTeller();
    const cooldown = { reason: "Cooldown", message: "…" } as const;
    const veto = { reason: "Veto", message: "…" } as const;
    const opened = anIncident({ action: "None" });
    const held = anIncident({ phase: "Held", brake: cooldown });
    transitions.written(logger, around(opened), update(opened, { phase: "Held", brake: cooldown }));
    transitions.written(logger, around(held), update(held, { phase: "Held", brake: cooldown }));
    transitions.written(logger, around(held), update(held, { phase: "Held", brake: veto }));
    expect(await moved("brakes_total")).to.deep.equal([
      'rollout_guard_brakes_total{reason="Cooldown"} 1',
      'rollout_guard_brakes_total{reason="Veto"} 1',
    ]);
    expect(infos()).to.have.length(2);
  });

  it("counts how a rollback ended, with the seconds to recover", async () => {
    const { transitions, logger, infos, moved } = aTeller();
    const verifying = anIncident({ phase: "Verifying", sentAt: T0 + seconds(31) });
    const recovered = update(verifying, { phase: "Recovered", secondsToRecover: 12 });
    transitions.written(logger, around(verifying), recovered);
    expect(await moved("rollbacks_total")).to.deep.equal([
      'rollout_guard_rollbacks_total{outcome="recovered"} 1',
    ]);
    expect(await moved("recovery_seconds_sum")).to.deep.equal(["rollout_guard_recovery_seconds_sum 12"]);
    expect(infos()).to.have.length(1);
  });

  it("counts no rollback when an Incident ends that had none", async () => {
    const { transitions, logger, moved } = aTeller();
    const held = anIncident({ phase: "Held", brake: { reason: "Veto", message: "…" } });
    transitions.written(logger, around(held), update(held, { phase: "Superseded", brake: undefined }));
    expect(await moved("rollbacks_total")).to.deep.equal([]);
  });

  it("counts a rollback that was sent, and one that was not", async () => {
    const { transitions, logger, infos, moved } = aTeller();
    const sent = changeEffect({
      do: "restoreTemplate",
      on: { kind: "Deployment", name: "checkout" },
      expect: { uid: "u", generation: 4 },
      from: { hash: "bad", revision: 2 },
      to: {
        hash: "good",
        revision: 1,
        source: { kind: "ReplicaSet", name: "checkout-good", uid: "uid-of-checkout-good" },
      },
      incident: "checkout-bad",
    });
    transitions.written(logger, snapshotOf(aRollout()), sent);
    transitions.rollbackNotSent(logger, "the Deployment changed");
    expect(await moved("rollbacks_total")).to.deep.equal([
      'rollout_guard_rollbacks_total{outcome="sent"} 1',
      'rollout_guard_rollbacks_total{outcome="conflict"} 1',
    ]);
    expect(infos()).to.deep.equal([
      "rollback sent: from revision 2 (bad) to revision 1 (good)",
      "rollback not sent: the Deployment changed",
    ]);
  });
});
