import { expect } from "chai";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { extraContainer } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import { withIncidents, withOthers } from "../testing/facts.ts";
import { earlier, later, minutes, T0 } from "../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { nameRevision, referenceTo } from "./revisions.ts";

describe("verdictOf", () => {
  function verdict(...facts: readonly Fact[]) {
    return verdictOf(snapshotOf(aRollout(...facts)), NEW.hash);
  }

  it("is what the ledger says", () => {
    expect(verdict()).to.equal(undefined);
    expect(verdict(ledger(remembered(NEW, "Completed")))).to.equal("Completed");
  });

  it("is Bad for what an Incident is about, in every phase", () => {
    for (const phase of [undefined, "Held", "Acting", "Verifying", "NotRecovered", "Superseded"] as const) {
      expect(verdict(withIncidents(anIncident(phase ? { phase } : {}))), phase).to.equal("Bad");
    }
    expect(verdict(withIncidents(anIncident({ phase: "Recovered", sentAt: T0 })))).to.equal("Bad");
  });

  it("is not Bad for what recovered without a rollback", () => {
    expect(verdict(withIncidents(anIncident({ phase: "Recovered" })))).to.equal(undefined);
  });

  it("is Good for what earned it after the Incident, not for what had it before", () => {
    const ended = withIncidents(anIncident({ phase: "Superseded", detectedAt: later(minutes(1)) }));
    expect(verdict(ended, ledger(remembered(NEW, "Good", later(minutes(9)))))).to.equal("Good");
    expect(verdict(ended, ledger(remembered(NEW, "Good", earlier(minutes(9)))))).to.equal("Bad");
    expect(verdict(ended, ledger(remembered(NEW, "Completed", later(minutes(9)))))).to.equal("Bad");
  });
});

describe("revisionToRestore", () => {
  const a = aRevision("a", 3);
  const b = aRevision("b", 4);

  function restore(rollbackTo: "LastGood" | "Previous", ...facts: readonly Fact[]) {
    const snapshot = snapshotOf(aRollout(...facts));
    if (!snapshot.workload) throw new Error("the scene has no workload");
    const result = revisionToRestore(snapshot, snapshot.workload, NEW, rollbackTo);
    return "revision" in result ? result.revision.hash : result.none;
  }

  it("is the newest good one by revision number, which undo moves along", () => {
    const both = ledger(remembered(a, "Good", later(0)), remembered(b, "Good", earlier(minutes(90))));
    expect(restore("LastGood", withOthers(a, b), both)).to.equal("b");
  });

  it("is an older good one rather than a newer one that only completed", () => {
    const entries = ledger(remembered(a, "Good"), remembered(b, "Completed"));
    expect(restore("LastGood", withOthers(a, b), entries)).to.equal("a");
  });

  it("is the newest that completed when none is good", () => {
    const entries = ledger(remembered(a, "Completed"), remembered(b, "Bad"));
    expect(restore("LastGood", withOthers(a, b, GOOD), entries)).to.equal("a");
  });

  it("is one of which Incidents say that it worked, when the guard remembers nothing", () => {
    const nothing = [withOthers(a, b), ledger()];
    const about = { of: aRevision("c", 2), restoring: a };
    const served = anIncident({ ...about, phase: "Recovered", sentAt: later(0) });
    expect(restore("LastGood", ...nothing, withIncidents(served))).to.equal("a");
    expect(restore("LastGood", ...nothing, withIncidents(anIncident({ restoring: a })))).to.equal("a");
    const failed = anIncident({ ...about, phase: "NotRecovered", sentAt: later(0) });
    const onlyMeant = anIncident({ ...about, phase: "Superseded" });
    for (const incident of [failed, onlyMeant])
      expect(restore("LastGood", ...nothing, withIncidents(incident))).to.equal("NoGoodRevision");
  });

  it("is never one that is being deleted or has the present template", () => {
    const going = { ...b, isDeleting: true };
    const same = { ...a, templateKey: NEW.templateKey };
    const good = ledger(remembered(a, "Good"), remembered(b, "Good"));
    expect(restore("LastGood", withOthers(going, same), good)).to.equal("NoGoodRevision");
  });

  it("with Previous is the one with the highest number, good or not, unless it is in quarantine", () => {
    expect(restore("Previous", withOthers(a, b), ledger(remembered(a, "Good")))).to.equal("b");
    expect(restore("Previous", withOthers(a, b), ledger(remembered(b, "Bad")))).to.equal("TargetQuarantined");
  });

  it("is none when there is no history", () => {
    expect(restore("LastGood", withOthers())).to.equal("NoGoodRevision");
    expect(restore("Previous", withOthers())).to.equal("NoGoodRevision");
  });
});

describe("how a revision is named", () => {
  it("has its number for people and its hash for certainty", () => {
    expect(nameRevision(GOOD)).to.equal("revision 1 (5d8f6c7b94)");
  });

  it("has the images of what runs: init containers are over", () => {
    const revision = aRevision(
      "c",
      5,
      {},
      extraContainer("migrate", "init"),
      extraContainer("proxy", "sidecar"),
    );
    expect(referenceTo(revision)).to.deep.equal({
      hash: "c",
      revision: 5,
      images: ["registry.example/proxy:1", "registry.example/checkout:1"],
    });
  });
});
