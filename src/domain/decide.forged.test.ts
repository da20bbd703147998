// Incidents that somebody else than RolloutGuard wrote: they blind no guard, hold nothing up, and are named in Ready.
import { expect } from "chai";
import { decide } from "./decide.ts";
import type { IncidentView } from "./snapshot/incident.ts";
import { NEW } from "./testing/a-revision.ts";
import { anIncident } from "./testing/an-incident.ts";
import { effectsOf, statusAfter } from "./testing/expect-decision.ts";
import { crashing, withIncidents, withStatus, withWorkload } from "./testing/facts.ts";
import { earlier, later, minutes, seconds, T0, written } from "./testing/instants.ts";
import { aRestoredWorkload, aRollout, aSettledWorkload, type Scene } from "./testing/scene.ts";
import { snapshotOf } from "./testing/snapshot-of.ts";

const readyAfter = (scene: Scene) => statusAfter(scene).conditions?.find(({ type }) => type === "Ready");
const isRolledBack = (scene: Scene) => effectsOf(decide(snapshotOf(scene), scene.now), "change").length > 0;
const forged = (facts: Parameters<typeof anIncident>[0] = {}) =>
  anIncident({ name: "forged", of: { ...NEW, hash: "gone" }, phase: "Superseded", ...facts });

describe("decide, with a forged generation", () => {
  const huge = (sentAt: number) => forged({ sentAt, generation: 1_000_000, detectedAt: sentAt });

  it("finds what fails and rolls it back: the watch cannot be so far behind", () => {
    const scene = aRollout(crashing, withIncidents(huge(earlier(minutes(30)))));
    expect(isRolledBack(scene)).to.equal(true);
  });

  it("says nothing for as long as it could be true, and looks again then", () => {
    const scene = aRollout(crashing);
    const sentAt = scene.now - seconds(30);
    const decision = decide(snapshotOf({ ...scene, incidents: [huge(sentAt)] }), scene.now);
    expect(decision.effects).to.deep.equal([]);
    expect(decision.wakeAt).to.equal(sentAt + minutes(3));
  });

  it("does not wait for one of the future", () => {
    const scene = aRollout(crashing);
    expect(isRolledBack({ ...scene, incidents: [huge(scene.now + minutes(30))] })).to.equal(true);
  });

  it("names the Incident and the field", () => {
    const ready = readyAfter(aSettledWorkload(withIncidents(huge(earlier(minutes(30))))));
    expect(ready?.message).to.include("forged (status.steps.generation)");
  });
});

describe("decide, with forged times", () => {
  it("counts no rollback of the future for the limits and the cooldown", () => {
    const scene = aRollout(crashing);
    const ahead = [1, 2, 3].map((index) =>
      forged({ name: `forged-${index}`, phase: "Recovered", sentAt: scene.now + minutes(50 + index) }),
    );
    expect(isRolledBack({ ...scene, incidents: ahead })).to.equal(true);
    const past = ahead.map((incident) => withStepAt(incident, scene.now - minutes(1)));
    expect(isRolledBack({ ...scene, incidents: past }), "of the past").to.equal(false);
  });

  it("does not wait for the last Incident that the status names, when that lies ahead", () => {
    const { now } = aSettledWorkload();
    const status = { lastIncident: "nowhere", lastIncidentAt: written(now + minutes(50)) };
    const scene = aSettledWorkload(withStatus(status));
    expect(effectsOf(decide(snapshotOf(scene), now), "updateGuardStatus")).to.have.length(1);
  });

  it("does not wait for the end of an Incident whose last word lies ahead", () => {
    const scene = aRollout(crashing);
    const open = forged({ phase: "Held", notedAt: scene.now + minutes(50) });
    const status = withStatus({ lastIncident: "forged", phase: "Healthy" });
    const decision = decide(snapshotOf(status({ ...scene, incidents: [open] })), scene.now);
    expect(decision.effects).not.to.deep.equal([]);
  });

  it("names what lies ahead, and what was left out when it was read", () => {
    const incident = forged({ phase: "Recovered", sentAt: later(minutes(500)) });
    const scene = aSettledWorkload(withIncidents({ ...incident, leftOut: ["status.endedAt"] }));
    expect(readyAfter(scene)?.message).to.include("forged (status.endedAt, status.steps.startedAt)");
  });

  it("names nothing of an Incident that can be true", () => {
    const sound = forged({ phase: "Recovered", sentAt: earlier(minutes(30)), generation: 1 });
    expect(readyAfter(aSettledWorkload(withIncidents(sound)))?.message).to.equal(
      "The guard watches its Deployment.",
    );
  });
});

describe("decide, with a rollback that the Deployment says was sent ahead of time", () => {
  const incident = anIncident({ phase: "Verifying", sentAt: T0, generation: 3 });
  const saying = (at: number) => withWorkload({ rolledBack: { incident: incident.name, at, generation: 3 } });
  const ahead = (scene: Scene) => saying(scene.now + minutes(600))(scene);

  it("counts the rollback as sent when the Incident was opened", () => {
    const declared = anIncident({ phase: "Acting", sentAt: T0 });
    const scene = ahead(aRestoredWorkload(withIncidents(declared)));
    const [update] = effectsOf(decide(snapshotOf(scene), scene.now), "updateIncident");
    expect(update?.status.phase).to.equal("Verifying");
    expect(update?.status.steps?.map(({ startedAt }) => startedAt)).to.deep.equal([declared.spec.detectedAt]);
  });

  it("sends no second patch for the Incident", () => {
    const declared = anIncident({ phase: "Acting", sentAt: T0 });
    expect(isRolledBack(ahead(aRollout(crashing, withIncidents(declared))))).to.equal(false);
  });

  it("names the annotation, but not that of a clock that is a little fast", () => {
    const scene = aRestoredWorkload(withIncidents(incident));
    expect(readyAfter(ahead(scene))?.message).to.include(
      "RolloutGuard ignores values in annotations of the Deployment that it did not write: rolloutguard.io/rolled-back-at.",
    );
    expect(readyAfter(saying(scene.now + seconds(50))(scene))?.message).to.equal(
      "The guard watches its Deployment.",
    );
  });
});

describe("decide, with an Incident that claims to have restored what runs", () => {
  const restored = (createdAt: number): IncidentView => ({
    ...forged({ phase: "Recovered", restoring: NEW, sentAt: T0, detectedAt: earlier(seconds(10)) }),
    createdAt,
  });
  const current = { hash: NEW.hash, revision: NEW.revision, images: [], since: written(T0) };

  const brakeWith = (incident: IncidentView) => {
    const scene = aRollout(crashing, withStatus({ current }), withIncidents(incident));
    return decide(snapshotOf(scene), scene.now).brake?.reason;
  };

  it("judges the rollout when the Incident was made after it had begun", () => {
    expect(brakeWith(restored(later(seconds(15))))).to.equal("Cooldown");
  });

  it("judges no rollout of ours: the Incident was there before", () => {
    expect(brakeWith(restored(earlier(seconds(10))))).to.equal(undefined);
  });
});

function withStepAt(incident: IncidentView, sentAt: number): IncidentView {
  const steps = incident.status?.steps?.map((step) => ({ ...step, startedAt: written(sentAt) }));
  return { ...incident, ...(incident.status && { status: { ...incident.status, steps } }) };
}
