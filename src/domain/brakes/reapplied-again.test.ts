import { expect } from "chai";
import { failing } from "../testing/a-finding.ts";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { withCurrent, withIncidents, withOthers, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../testing/scene.ts";
import { reappliedAgain } from "./reapplied-again.ts";

const headline = failing("CrashLooping");

function brakeIn(...facts: readonly Fact[]) {
  const scene = aRollout(...facts);
  return reappliedAgain(rolloutIn(scene), headline, scene.now);
}

/** A rollback of the present revision so many minutes before. */
const rolledBack = (agoMinutes: number, more: Parameters<typeof anIncident>[0] = {}) =>
  anIncident({
    name: `checkout-${agoMinutes}`,
    phase: "Superseded",
    detectedAt: earlier(minutes(agoMinutes)),
    sentAt: earlier(minutes(agoMinutes)),
    ...more,
  });
const twice = [rolledBack(2_000), rolledBack(60)];

describe("reappliedAgain", () => {
  it("holds a release that was rolled back twice, however long ago, until something else comes", () => {
    const brake = brakeIn(withIncidents(...twice));
    expect(brake?.message).to.contain(
      "Revision 2 (596f7cbf4b) was rolled back 2 times and was applied again.",
    );
    expect(brake).not.to.have.property("untilAt");
  });

  it("counts the rollback whose Incident is still open: it ends as put back in the same pass", () => {
    const open = rolledBack(1, { phase: "Verifying" });
    expect(brakeIn(withIncidents(rolledBack(60), open))?.message).to.contain("was rolled back 2 times");
    expect(brakeIn(withIncidents(open))).to.equal(undefined);
    const unsent = anIncident({ phase: "Held", brake: { reason: "Veto", message: "" } });
    expect(brakeIn(withIncidents(rolledBack(60), unsent))).to.equal(undefined);
  });

  it("lets a release that comes back for the first time be rolled back", () => {
    expect(brakeIn(withIncidents(rolledBack(60)))).to.equal(undefined);
  });

  it("names who applied it again", () => {
    const templateManagers = [
      { name: "argocd-controller", at: later(seconds(0)) },
      { name: "rolloutguard", at: earlier(minutes(60)) },
      { name: "helm", at: earlier(minutes(2_000)) },
    ];
    expect(brakeIn(withIncidents(...twice), withWorkload({ templateManagers }))?.message).to.contain(
      "was applied again by argocd-controller. ",
    );
  });

  it("knows the release again when it differs by a restart", () => {
    const restarted = { ...NEW, hash: "6c8d7b9f55", id: "uid-of-restarted", templateKey: "template of it" };
    const facts = [withCurrent(restarted), withOthers(NEW, GOOD)];
    expect(brakeIn(...facts, withIncidents(...twice))?.reason).to.equal("ReappliedAgain");
  });

  it("counts what was sent, by a guard, for this very Deployment and release", () => {
    const other = rolledBack(30);
    for (const incident of [
      rolledBack(30, { of: aRevision("another", 1) }),
      rolledBack(30, { kind: "Manual" }),
      anIncident({ name: "held", phase: "Superseded" }),
      anIncident({ name: "meant", phase: "Acting", sentAt: later(0) }),
      { ...other, spec: { ...other.spec, target: { ...other.spec.target, uid: "uid-of-another" } } },
    ]) {
      expect(brakeIn(withIncidents(rolledBack(60), incident)), incident.name).to.equal(undefined);
    }
  });

  it("begins to count again when another revision has been good since, or this one; not for the restored one", () => {
    const goodAt = earlier(minutes(30));
    for (const revision of [aRevision("fix", 3), NEW]) {
      expect(brakeIn(withIncidents(...twice), ledger(remembered(revision, "Good", goodAt)))).to.equal(
        undefined,
      );
    }
    expect(brakeIn(withIncidents(...twice), ledger(remembered(GOOD, "Good", goodAt)))?.reason).to.equal(
      "ReappliedAgain",
    );
  });
});
