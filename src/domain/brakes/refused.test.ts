import { expect } from "chai";
import { phaseOf } from "../../api/incident.ts";
import { failing } from "../testing/a-finding.ts";
import { aRefusal } from "../testing/a-refusal.ts";
import { GOOD } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { decisionIn, effectsOf, expectHeld, expectRollback } from "../testing/expect-decision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { crashing, withIncidents, withSurroundings } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { runUntilSettled } from "../testing/small-world.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { refused } from "./refused.ts";

const withRefusal = (facts: Parameters<typeof aRefusal>[0] = {}) =>
  withSurroundings({ refusal: aRefusal(facts) });

function brakeIn(...facts: readonly Fact[]) {
  const scene = aRollout(...facts);
  return refused(rolloutIn(scene), failing("CrashLooping"), scene.now);
}

describe("refused", () => {
  it("waits until the rollback is to be sent again, and quotes the API server", () => {
    const brake = brakeIn(withRefusal());
    expect(brake).to.include({ reason: "Refused", untilAt: later(minutes(5)) });
    expect(brake?.message).to.contain("no rollbacks on Fridays");
    expect(brakeIn(withRefusal(), at(minutes(5)))).to.equal(undefined);
  });

  it("says nothing of another rollback: of another Deployment, from or to another revision", () => {
    for (const other of [{ uid: "other" }, { from: "other" }, { to: "other" }])
      expect(brakeIn(withRefusal(other)), JSON.stringify(other)).to.equal(undefined);
  });

  const DECLARED = {
    "was just opened": anIncident(),
    "says Acting": anIncident({ phase: "Acting", sentAt: later(seconds(31)) }),
  };
  for (const [what, incident] of Object.entries(DECLARED)) {
    it(`holds an Incident that ${what}, and sends the rollback again without writing anything before`, () => {
      const held = runUntilSettled(
        snapshotOf(aRollout(crashing, withRefusal(), withIncidents(incident))),
        later(minutes(1)),
      );
      const [now] = held.snapshot.incidents;
      expect(now && phaseOf(now)).to.equal("Held");
      expect(held.snapshot.guard.status.phase).to.equal("Failing");
      const scene = aRollout(crashing, withRefusal(), withIncidents(now ?? incident));
      expect(expectHeld(scene, "Refused").wakeAt).to.equal(later(minutes(5)));
      const again = expectRollback({ ...scene, now: later(minutes(5)) }, GOOD);
      expect(effectsOf(again, "updateIncident")).to.deep.equal([]);
    });
  }

  it("declares the intent again when another brake held it meanwhile", () => {
    const held = anIncident({ phase: "Held", brake: { reason: "Veto", message: "" } });
    const decision = decisionIn(aRollout(crashing, withIncidents(held)));
    expect(effectsOf(decision, "updateIncident").map(({ status }) => status.phase)).to.deep.equal(["Acting"]);
  });
});
