import { expect } from "chai";
import { undoStep } from "../../api/incident-step.ts";
import { referenceTo } from "../history/revisions.ts";
import { crashed } from "../testing/a-pod.ts";
import { aRevision, GOOD, NEW } from "../testing/a-revision.ts";
import { appWith, extraContainer, type TemplateChange } from "../testing/a-template.ts";
import { anIncident, anUndo } from "../testing/an-incident.ts";
import { decisionIn, effectsOf, expectLeftAlone, incidentAfter } from "../testing/expect-decision.ts";
import { withCurrent, withIncidents, withOthers, withPods, withWorkload } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRestoredWorkload, at, type Fact } from "../testing/scene.ts";

const SENT_AT = later(minutes(1));
const INCIDENT = NEW.source.name;
/** What admission made of the good revision's template: the scene's Deployment has generation 4. */
const ADMITTED = aRevision("7f9c8b6d54", 3, { createdAt: SENT_AT });
const rolledBack = { incident: INCIDENT, at: SENT_AT, generation: 4 };

/** The Deployment asks for what came of the rollback. */
const admitted = (...facts: readonly Fact[]) =>
  aRestoredWorkload(
    withCurrent(ADMITTED),
    withOthers(NEW, GOOD),
    withWorkload({ rolledBack }),
    withIncidents(anIncident({ phase: "Acting", sentAt: SENT_AT })),
    ...facts,
  );
/** The same before the Deployment controller has made a revision of it. */
const justAnswered = (...facts: readonly Fact[]) =>
  aRestoredWorkload(
    withOthers(NEW),
    withWorkload({ rolledBack, templateKey: ADMITTED.templateKey }),
    withIncidents(anIncident({ phase: "Acting", sentAt: SENT_AT })),
    ...facts,
  );

const noted = anIncident({ phase: "Acting", sentAt: SENT_AT, generation: 4, template: ADMITTED.templateKey });
/** Somebody has scaled it since. */
const scaled = withWorkload({ rolledBack, generation: 5, observedGeneration: 5 });

describe("a rollback whose template admission has changed", () => {
  it("is noted before there is a revision of it, once", () => {
    const scene = justAnswered();
    const status = incidentAfter(scene, INCIDENT);
    expect(status.phase).to.equal("Acting");
    expect(status.message).to.contain("admission changed the restored template");
    expect(status.steps).to.deep.equal([{ ...anUndo(SENT_AT), generation: 4, template: "8b6d54" }]);
    expect(effectsOf(decisionIn(justAnswered(withIncidents(noted))), "updateIncident")).to.deep.equal([]);
  });

  it("is the restored revision: it is verified, and superseded by nothing", () => {
    const scene = admitted();
    expectLeftAlone(scene, "RollingBack", "Verifying");
    const { phase, message, steps } = incidentAfter(scene, INCIDENT);
    expect(phase).to.equal("Verifying");
    expect(message).to.contain("revision 3 (7f9c8b6d54), as admission changed the restored template");
    expect(steps).to.deep.equal([{ ...anUndo(SENT_AT, NEW, ADMITTED), generation: 4 }]);
  });

  it("is known again after other changes of the Deployment, and by an operator that has just started", () => {
    for (const incident of [noted, { ...noted, status: undefined }]) {
      const facts = incident === noted ? [scaled] : [];
      const status = incidentAfter(admitted(withIncidents(incident), ...facts), INCIDENT);
      expect(status.phase).to.equal("Verifying");
    }
  });

  it("recovers when it serves, and is not judged as a release of its own", () => {
    const verifying = anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 4, restoring: ADMITTED });
    const scene = admitted(withIncidents(verifying), at(minutes(3)));
    expect(incidentAfter(scene, INCIDENT).phase).to.equal("Recovered");
    const failing = admitted(withIncidents(verifying), withPods(3, crashed({ restarts: 3 })));
    expectLeftAlone(failing, "NotRecovered", "NotRecovered");
  });

  it("recovers as what it is: with what admission changed, and what it kept of the failed revision", () => {
    const verifying = anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 4, restoring: ADMITTED });
    const incident = { ...verifying, spec: { ...verifying.spec, restoreRevision: referenceTo(GOOD) } };
    const messageFor = (...changes: readonly TemplateChange[]) => {
      const present = aRevision(ADMITTED.hash, 3, { createdAt: SENT_AT }, ...changes);
      const facts = [withCurrent(present), withPods(3), withIncidents(incident), at(minutes(3))];
      return incidentAfter(admitted(...facts), INCIDENT).message;
    };
    expect(messageFor(extraContainer("proxy", "sidecar"))).to.equal(
      "Revision 3 (7f9c8b6d54) is serving again; admission changed the restored template: " +
        "container proxy was added (registry.example/proxy:1).",
    );
    expect(messageFor(appWith({ image: "registry.example/checkout:2" }))).to.equal(
      "Revision 3 (7f9c8b6d54) is serving again, but admission kept changes of revision 2 (596f7cbf4b): " +
        "container app: image registry.example/checkout:1 → registry.example/checkout:2.",
    );
    expect(messageFor()).to.equal("Revision 3 (7f9c8b6d54) is serving again.");
  });

  it("is overtaken by a release that comes after it", () => {
    const fix = aRevision("6b8c9d7f54", 4, { createdAt: later(seconds(80)) });
    for (const incident of [noted, anIncident({ phase: "Acting", sentAt: SENT_AT })]) {
      const scene = admitted(
        withCurrent(fix),
        withOthers(ADMITTED, NEW, GOOD),
        withIncidents(incident),
        scaled,
      );
      const status = incidentAfter(scene, INCIDENT);
      expect([status.phase, status.message]).to.deep.equal([
        "Superseded",
        "A newer rollout started: revision 4 (6b8c9d7f54).",
      ]);
      expect(undoStep(status)?.startedAt).to.equal(anUndo(SENT_AT).startedAt);
    }
  });
});
