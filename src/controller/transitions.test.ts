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
import { completedAfter, withIncidents, withStatus } from "../domain/testing/facts.ts";
import { seconds, T0 } from "../domain/testing/instants.ts";
import { aRollout } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createLogRecorder } from "./testing/log-recorder.ts";
import { Transitions } from "./transitions.ts";

const KEY = "shop/checkout/Deployment/checkout";

function aReporter() {
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
        .filter((line) => line.startsWith(`rolloutguard_${name}`) && !line.endsWith(" 0"));
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
    const { transitions, logger, infos } = aReporter();
    const snapshot = snapshotOf(aRollout());
    const decision = decide(snapshot, T0 + seconds(60));
    transitions.decided(logger, KEY, snapshot, decision);
    transitions.decided(logger, KEY, snapshot, decision);
    expect(infos()).to.deep.equal([`${decision.reason}: ${decision.message}`]);
    transitions.decided(logger, KEY, snapshot, { ...decision, reason: "Paused" });
    expect(infos()).to.have.length(2);
  });

  it("does not tell after a restart what the guard's status tells already", () => {
    const { transitions, logger, infos } = aReporter();
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

  it("leaves to the Incident what it says of a brake, in whatever phase the guard is", () => {
    const open = anIncident({ phase: "Acting" });
    const snapshot = snapshotOf(aRollout(completedAfter(seconds(40)), withIncidents(open)));
    const decision = decide(snapshot, T0 + seconds(75));
    expect([decision.phase, decision.reason]).to.deep.equal(["Baking", "SignsGone"]);
    const { transitions, logger, infos } = aReporter();
    transitions.decided(logger, KEY, snapshot, decision);
    expect(infos()).to.deep.equal([]);
  });

  it("shows guards by phase and forgets those that are gone", async () => {
    const { transitions, logger, moved } = aReporter();
    const snapshot = snapshotOf(aRollout());
    const decision = decide(snapshot, T0 + seconds(60));
    transitions.decided(logger, KEY, snapshot, decision);
    expect(await moved("guards")).to.deep.equal([`rolloutguard_guards{phase="${decision.phase}"} 1`]);
    transitions.forget(KEY);
    expect(await moved("guards")).to.deep.equal([]);
  });

  it("tells an Incident when it is opened, and each new brake and phase of it, once", () => {
    const { transitions, logger, infos } = aReporter();
    const { name, spec } = anIncident();
    const cooldown = { reason: "Cooldown", message: "…" } as const;
    const veto = { reason: "Veto", message: "…" } as const;
    const opened = anIncident({ action: "None" });
    const held = anIncident({ phase: "Held", brake: cooldown });
    transitions.written(logger, snapshotOf(aRollout()), openIncidentEffect(name, spec));
    transitions.written(logger, around(opened), update(opened, { phase: "Held", brake: cooldown }));
    transitions.written(logger, around(held), update(held, { phase: "Held", brake: cooldown }));
    transitions.written(logger, around(held), update(held, { phase: "Held", brake: veto }));
    transitions.written(logger, around(held), update(held, { phase: "Superseded", brake: undefined }));
    expect(infos()).to.have.length(4);
  });

  it("tells of a rollback that was sent, and of one that was not, which it counts", async () => {
    const { transitions, logger, infos, moved } = aReporter();
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
      'rolloutguard_rollbacks_total{outcome="conflict"} 1',
    ]);
    expect(infos()).to.deep.equal([
      "rollback sent: from revision 2 (bad) to revision 1 (good)",
      "rollback not sent: the Deployment changed",
    ]);
  });
});
