import { expect } from "chai";
import { NEW, remembered } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { withIncidents, withStatus, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { historyOf, knownOf, ledgerOf } from "./history.ts";

function known(...facts: readonly Fact[]) {
  return knownOf(historyOf(snapshotOf(aRollout(...facts))), NEW.hash);
}

const sentAt = later(seconds(40));
const completed = remembered(NEW, "Completed", later(seconds(10)));
const wouldNotHelp = { reason: "WouldNotHelp", message: "It is the environment." } as const;
const cooldown = { reason: "Cooldown", message: "Not yet." } as const;

describe("what is known of a revision", () => {
  it("is nothing where neither the ledger nor an Incident names it", () => {
    expect(known()).to.deep.equal({ isTroubled: false });
  });

  it("is what the ledger says", () => {
    for (const verdict of ["Good", "Completed", "Unproven", "Bad"] as const) {
      expect(known(ledger(remembered(NEW, verdict))).verdict).to.equal(verdict);
    }
  });

  describe("is that it is bad", () => {
    it("while an Incident about a fault of its own is open", () => {
      for (const phase of [undefined, "Held", "Acting", "Verifying"] as const) {
        expect(known(withIncidents(anIncident(phase ? { phase } : {}))).verdict, phase).to.equal("Bad");
      }
      const held = anIncident({ phase: "Held", brake: cooldown });
      expect(known(ledger(completed), withIncidents(held)).verdict).to.equal("Bad");
    });

    it("for good, when a rollback of it was sent, however that ended", () => {
      for (const phase of ["Verifying", "Recovered", "NotRecovered", "Superseded"] as const) {
        const sent = withIncidents(anIncident({ phase, sentAt }));
        expect(known(ledger(completed), sent).verdict, phase).to.equal("Bad");
      }
    });

    it("by the newest Incident, in whatever order they come", () => {
      const older = anIncident({ name: "a", phase: "Superseded", detectedAt: later(0) });
      const newer = anIncident({ name: "b", phase: "Recovered", sentAt, detectedAt: later(seconds(30)) });
      for (const both of [
        [older, newer],
        [newer, older],
      ]) {
        expect(known(withIncidents(...both))).to.include({ verdict: "Bad", incident: newer });
      }
    });
  });

  describe("is not that it is bad", () => {
    const notBad = (incident: ReturnType<typeof anIncident>) =>
      known(ledger(completed), withIncidents(incident));

    it("when the Incident was held and then overtaken by another rollout: that proves nothing", () => {
      for (const brake of [cooldown, wouldNotHelp]) {
        const overtaken = anIncident({ phase: "Superseded", action: "None", brake });
        expect(notBad(overtaken)).to.include({ verdict: "Completed", isTroubled: true });
      }
    });

    it("while the Incident is held because the cause is not the release", () => {
      const held = anIncident({ phase: "Held", brake: wouldNotHelp });
      expect(notBad(held)).to.include({ verdict: "Completed", isTroubled: true });
    });

    it("when it recovered without a rollback; then it is not troubled either", () => {
      expect(notBad(anIncident({ phase: "Recovered" }))).to.include({
        verdict: "Completed",
        isTroubled: false,
      });
    });

    it("while a person asks for a rollback that was not sent yet", () => {
      expect(notBad(anIncident({ kind: "Manual", phase: "Acting" })).verdict).to.equal("Completed");
    });
  });

  it("is Good for what earned it after the Incident, not for what had it before", () => {
    const ended = withIncidents(anIncident({ phase: "Recovered", sentAt, detectedAt: later(minutes(1)) }));
    expect(known(ended, ledger(remembered(NEW, "Good", later(minutes(9)))))).to.include({
      verdict: "Good",
      isTroubled: false,
    });
    expect(known(ended, ledger(remembered(NEW, "Good", earlier(minutes(9))))).verdict).to.equal("Bad");
    expect(known(ended, ledger(remembered(NEW, "Completed", later(minutes(9))))).verdict).to.equal("Bad");
  });

  it("is that it showed trouble, as the ledger remembers, until it is good", () => {
    const troubled = { ...completed, isTroubled: true };
    expect(known(ledger(troubled)).isTroubled).to.equal(true);
    expect(known(ledger(completed)).isTroubled).to.equal(false);
  });
});

describe("another Deployment of the same name", () => {
  const recreated = withWorkload({ uid: "uid-of-another-deployment" });
  const remembersUid = withStatus({ targetUid: "uid-of-deployment" });

  it("inherits no verdict of the ledger", () => {
    const good = ledger(remembered(NEW, "Good"), remembered(NEW, "Bad"));
    expect(known(good, remembersUid).verdict).to.equal("Bad");
    expect(known(good, remembersUid, recreated).verdict).to.equal(undefined);
    expect(ledgerOf(snapshotOf(aRollout(good, remembersUid, recreated)))).to.deep.equal([]);
  });

  it("inherits no Incident", () => {
    const sent = withIncidents(anIncident({ phase: "Recovered", sentAt }));
    expect(known(sent).verdict).to.equal("Bad");
    expect(known(sent, recreated)).to.deep.equal({ isTroubled: false });
  });

  it("is not suspected where the uid was never noted", () => {
    expect(known(ledger(remembered(NEW, "Good")), recreated).verdict).to.equal("Good");
  });
});
