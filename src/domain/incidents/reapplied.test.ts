import { expect } from "chai";
import { decide } from "../decide.ts";
import { referenceTo } from "../history/revisions.ts";
import { GOOD, NEW } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { statusAfter } from "../testing/expect-decision.ts";
import {
  crashing,
  withCurrent,
  withIncidents,
  withOthers,
  withStatus,
  withWorkload,
} from "../testing/facts.ts";
import { later, minutes, seconds, written } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";

const SENT_AT = later(seconds(50));
const INCIDENT = NEW.source.name;
const rolledBack = { incident: INCIDENT, at: SENT_AT, generation: 3 };
/** The Deployment tells of the rollback, and asks for what failed all the same. */
const putBack = withWorkload({ rolledBack });

function decisionIn(...facts: readonly Fact[]) {
  const scene = aRollout(crashing, at(minutes(1)), ...facts);
  return decide(snapshotOf(scene), scene.now);
}

function endIn(...facts: readonly Fact[]) {
  const { effects } = decisionIn(...facts);
  const update = effects.find((effect) => effect.type === "updateIncident" && effect.name === INCIDENT);
  return update?.type === "updateIncident" ? update.status : undefined;
}

const acting = withIncidents(anIncident({ phase: "Acting", sentAt: SENT_AT }));

describe("a template that was applied again after a rollback", () => {
  it("ends the Incident, whatever was noted of it, and counts as a rollback", () => {
    for (const incident of [
      anIncident(),
      anIncident({ phase: "Acting", sentAt: SENT_AT }),
      anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 3 }),
    ]) {
      const status = endIn(putBack, withIncidents(incident));
      expect(status?.phase).to.equal("Superseded");
      expect(status?.message).to.match(
        /^The API server accepted the rollback, but the failed template was applied again/,
      );
      expect(status?.steps?.map(({ startedAt }) => Date.parse(startedAt))).to.deep.equal([SENT_AT]);
    }
  });

  it("is counted, though it fails in the second in which the first Incident was opened", () => {
    const now = later(minutes(1)) + 300;
    const first = anIncident({ phase: "Superseded", sentAt: SENT_AT });
    const spec = { ...first.spec, detectedAt: written(later(minutes(1))) };
    const known = { incidents: 1, lastIncident: first.name, lastIncidentAt: spec.detectedAt };
    const scene = aRollout(
      crashing,
      at(minutes(1) + 300),
      withStatus(known),
      withIncidents({ ...first, spec }),
    );
    const opened = decide(snapshotOf(scene), now).effects.find(({ type }) => type === "openIncident");
    expect(opened?.type === "openIncident" && opened.spec.detectedAt).to.equal(written(later(seconds(61))));
    expect(statusAfter(scene).incidents).to.equal(2);
  });

  it("is not patched again: what follows is another Incident, which the cooldown holds", () => {
    for (const incident of [anIncident(), anIncident({ phase: "Acting", sentAt: SENT_AT })]) {
      const { effects, brake } = decisionIn(putBack, withIncidents(incident));
      expect(effects.filter(({ class: of }) => of === "change")).to.deep.equal([]);
      expect(brake).to.include({ reason: "Cooldown" });
    }
  });

  it("is known although the Deployment's annotations are gone, once the patch was noted", () => {
    const noted = withIncidents(anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 3 }));
    expect(endIn(noted)?.message).to.contain("was applied again");
  });

  it("is also one that only has a restart mark more", () => {
    const restarted = { ...NEW, hash: "6c8d7b9f55", templateKey: "template of the restart" };
    const status = endIn(
      withCurrent(restarted),
      withOthers({ ...NEW, id: "uid-of-failed" }, GOOD),
      putBack,
      withIncidents(anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 3 })),
    );
    expect(status?.message).to.contain("was applied again");
  });

  it("names who has written into the template since, and not RolloutGuard or who came before", () => {
    const templateManagers = [
      { name: "argocd-controller", at: SENT_AT + seconds(3) },
      { name: "rolloutguard", at: SENT_AT },
      { name: "helm", at: later(0) },
    ];
    expect(endIn(putBack, acting, withWorkload({ rolledBack, templateManagers }))?.message).to.equal(
      "The API server accepted the rollback, but the failed template was applied again by argocd-controller.",
    );
  });

  it("names no one where the managed fields do not show it", () => {
    expect(endIn(putBack, acting)?.message).to.contain("do not show who applied it");
  });

  it("was applied in the same request where no one has changed the Deployment since", () => {
    const untouched = withWorkload({ rolledBack: { ...rolledBack, generation: 4 } });
    expect(endIn(untouched, acting)?.message).to.contain("in the same request, by an admission webhook");
  });

  it("is none where the rollback was for an earlier Incident of the same name", () => {
    const earlier = withWorkload({ rolledBack: { ...rolledBack, at: later(-minutes(90)) } });
    expect(endIn(earlier, acting)?.phase).not.to.equal("Superseded");
  });

  describe("is another rollout", () => {
    const of = (phase: "Verifying" | "Superseded") =>
      withIncidents(anIncident({ phase, sentAt: SENT_AT, generation: 3 }));
    const remembered = (since: number) =>
      withStatus({ current: { ...referenceTo(NEW), since: written(since), replicas: 3 } });
    const sinceIn = (...facts: readonly Fact[]) =>
      statusAfter(aRollout(crashing, at(minutes(5)), ...facts)).current?.since;

    it("that begins when it is seen, although status still tells of the first", () => {
      expect(sinceIn(putBack, of("Verifying"))).to.equal(written(later(minutes(5))));
      expect(sinceIn(of("Superseded"))).to.equal(written(later(minutes(5))));
    });

    it("whose beginning is remembered from then on", () => {
      const since = later(minutes(3));
      expect(sinceIn(of("Superseded"), remembered(since))).to.equal(written(since));
    });

    it("and none where the rollback was only meant, or replaced another revision", () => {
      expect(sinceIn(withIncidents(anIncident({ phase: "Superseded" })))).to.equal(written(later(0)));
      const ofAnother = anIncident({ phase: "Superseded", sentAt: SENT_AT, generation: 3 });
      const { failedRevision, ...spec } = ofAnother.spec;
      const another = {
        ...ofAnother,
        spec: { ...spec, failedRevision: { ...failedRevision, hash: "5f7c9d8b6a" } },
      };
      expect(sinceIn(withIncidents(another))).to.equal(written(later(0)));
    });
  });
});
