import type { IncidentView } from "../../snapshot/incident.ts";
import { failing } from "../../testing/a-finding.ts";
import { aRevision, GOOD, NEW, remembered } from "../../testing/a-revision.ts";
import { anIncident } from "../../testing/an-incident.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { withIncidents } from "../../testing/facts.ts";
import { earlier, minutes } from "../../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../../testing/scene.ts";
import { notRecoveredBefore } from "./not-recovered-before.ts";

const headline = failing("CrashLooping");
const FORMER = aRevision("former", 2);

/** A rollback of another revision to the good one ended like this, so long ago. */
const ended = (phase: "Recovered" | "NotRecovered", agoMs: number, of = FORMER) =>
  anIncident({ of, name: `${of.hash}-${agoMs}`, phase, detectedAt: earlier(agoMs), sentAt: earlier(agoMs) });
const having = (...incidents: readonly IncidentView[]) => aRollout(withIncidents(...incidents));
const goodSince = (agoMs: number): Fact => ledger(remembered(GOOD, "Good", earlier(agoMs)));

describe("a revision that was restored before, without bringing service back", () => {
  it("is not restored a second time, whichever release fails now", () => {
    const words = [
      "revision 1 (5d8f6c7b94) was restored before (Incident former-1200000)",
      "kubectl rollout undo",
    ];
    expectObjection(notRecoveredBefore, headline, having(ended("NotRecovered", minutes(20))), ...words);
    expectObjection(
      notRecoveredBefore,
      headline,
      having(ended("NotRecovered", minutes(20), NEW)),
      "service did not",
    );
  });

  it("is restored again when that worked since, or it has become good", () => {
    const failed = ended("NotRecovered", minutes(40));
    expectNoObjection(notRecoveredBefore, headline, having(failed, ended("Recovered", minutes(20), NEW)));
    expectNoObjection(notRecoveredBefore, headline, aRollout(withIncidents(failed), goodSince(minutes(30))));
    expectObjection(notRecoveredBefore, headline, aRollout(withIncidents(failed), goodSince(minutes(50))));
  });

  it("is another one than a revision to which nobody went back", () => {
    expectNoObjection(notRecoveredBefore, headline, having(ended("Recovered", minutes(20))));
    const to = anIncident({
      of: FORMER,
      restoring: NEW,
      phase: "NotRecovered",
      sentAt: earlier(minutes(20)),
    });
    expectNoObjection(notRecoveredBefore, headline, having(to));
    const { spec, ...others } = ended("NotRecovered", minutes(20));
    const other = { ...others, spec: { ...spec, target: { ...spec.target, uid: "another" } } };
    expectNoObjection(notRecoveredBefore, headline, having(other));
  });
});
