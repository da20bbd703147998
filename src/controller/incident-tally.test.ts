import { expect } from "chai";
import fc from "fast-check";
import type { IncidentPhase } from "../api/incident.ts";
import type { IncidentView } from "../domain/snapshot/incident.ts";
import { anIncident } from "../domain/testing/an-incident.ts";
import { seconds, T0 } from "../domain/testing/instants.ts";
import { propertyRuns } from "../domain/testing/property-runs.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { IncidentTally } from "./incident-tally.ts";

const KEY = "shop/checkout/Deployment/checkout";
const sentAt = T0 + seconds(31);
const acting = anIncident({ phase: "Acting", sentAt });
const verifying = anIncident({ phase: "Verifying", sentAt });
const ended = (phase: IncidentPhase) => anIncident({ phase, sentAt });

/** A tally that has seen these lists of Incidents, one after the other, and what it counted. */
function tallyOf(...seen: readonly (readonly IncidentView[])[]) {
  const metrics = createMetrics({ version: "test" });
  const tally = new IncidentTally(metrics);
  for (const incidents of seen) tally.see(KEY, incidents);
  const moved = async (name: string): Promise<Record<string, number>> => {
    const { body } = await metrics.render();
    const lines = body.split("\n").filter((line) => line.startsWith(`rolloutguard_${name}`));
    const values = lines.map((line) => line.split(" ") as [string, string]);
    return Object.fromEntries(
      values
        .filter(([, value]) => value !== "0")
        .map(([series, value]) => [/"(\w+)"/.exec(series)?.[1] ?? series, Number(value)]),
    );
  };
  return { tally, moved };
}

describe("IncidentTally", () => {
  it("counts an Incident that was opened, with its cause and the seconds to detect it", async () => {
    const { moved } = tallyOf([], [anIncident({ detectedAt: T0 + seconds(40) })]);
    expect(await moved("incidents_total")).to.deep.equal({ CrashLooping: 1 });
    expect(await moved("incident_causes_total")).to.deep.equal({ Unknown: 1 });
    expect(await moved("detection_seconds_sum")).to.deep.equal({ rolloutguard_detection_seconds_sum: 40 });
  });

  it("shows an Incident while it is open, with its phase and its brake", async () => {
    const shown = async (...seen: readonly (readonly IncidentView[])[]) => {
      const metrics = createMetrics({ version: "test" });
      const tally = new IncidentTally(metrics);
      for (const incidents of seen) tally.see(KEY, incidents);
      const { body } = await metrics.render();
      return body.split("\n").filter((line) => line.startsWith("rolloutguard_open_incidents{"));
    };
    const held = anIncident({ phase: "Held", brake: { reason: "Veto", message: "…" } });
    const [line = ""] = await shown([held]);
    expect(line).to.include('namespace="shop"').and.include('phase="Held"').and.include('brake="Veto"');
    expect((await shown([held], [verifying])).join()).to.match(/^[^,]*,.*phase="Verifying".*brake=""\} 1$/);
    expect(await shown([held], [ended("Recovered")])).to.deep.equal([]);
    expect(await shown([held], [])).to.deep.equal([]);
    expect(await shown([ended("NotRecovered")])).to.have.lengthOf(1);
    const later = anIncident({ phase: "Recovered", detectedAt: T0 + seconds(900), name: "later" });
    expect(await shown([ended("NotRecovered"), later])).to.deep.equal([]);
  });

  it("counts a rollback as superseded when its guard is gone, and nobody said how it ended", async () => {
    const { tally, moved } = tallyOf([], [verifying]);
    tally.forget(KEY);
    expect(await moved("rollbacks_total")).to.deep.equal({ sent: 1, superseded: 1 });
    const ends = tallyOf([], [verifying], [ended("Recovered")]);
    ends.tally.forget(KEY);
    expect(await ends.moved("rollbacks_total")).to.deep.equal({ sent: 1, recovered: 1 });
  });

  it("counts a brake when the Incident first names it, and again only when it changes", async () => {
    const held = (reason: "Veto" | "Cooldown") =>
      anIncident({ phase: "Held", brake: { reason, message: "…" } });
    const { moved } = tallyOf([], [held("Veto")], [held("Veto")], [held("Cooldown")]);
    expect(await moved("brakes_total")).to.deep.equal({ Veto: 1, Cooldown: 1 });
  });

  it("counts a rollback as sent although nobody heard the answer, and how it ended", async () => {
    const { moved } = tallyOf(
      [],
      [acting],
      [verifying],
      [verifying],
      [ended("Recovered")],
      [ended("Recovered")],
    );
    expect(await moved("rollbacks_total")).to.deep.equal({ sent: 1, recovered: 1 });
  });

  it("counts both when it sees only the end", async () => {
    const { moved } = tallyOf([], [ended("NotRecovered")]);
    expect(await moved("rollbacks_total")).to.deep.equal({ sent: 1, not_recovered: 1 });
  });

  it("counts no rollback that was only meant, and none of a person", async () => {
    const byHand = anIncident({ phase: "Recovered", sentAt, kind: "Manual" });
    const { moved } = tallyOf([], [acting, byHand], [anIncident({ phase: "Superseded" }), byHand]);
    expect(await moved("rollbacks_total")).to.deep.equal({});
  });

  it("counts a rollback whose Incident somebody deleted as superseded, and a late recovery not again", async () => {
    expect(await tallyOf([], [verifying], []).moved("rollbacks_total")).to.deep.equal({
      sent: 1,
      superseded: 1,
    });
    const late = tallyOf([], [verifying], [ended("NotRecovered")], [ended("Recovered")]);
    expect(await late.moved("rollbacks_total")).to.deep.equal({ sent: 1, not_recovered: 1 });
  });

  it("leaves what happened before it began to whoever acted then", async () => {
    const { moved } = tallyOf([verifying], [ended("Recovered")]);
    expect(await moved("incidents_total")).to.deep.equal({});
    expect(await moved("rollbacks_total")).to.deep.equal({ recovered: 1 });
  });

  it("has counted each rollback that was sent by its outcome, or it is in progress, whatever it missed", async () => {
    const phases = ["Held", "Acting", "Verifying", "Recovered", "NotRecovered", "Superseded"] as const;
    const incident = fc.record({ name: fc.constantFrom("a", "b", "c"), phase: fc.constantFrom(...phases) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(incident, { selector: ({ name }) => name }), { maxLength: 12 }),
        async (looks) => {
          const seen = looks.map((look) =>
            look.map(({ name, phase }) => anIncident({ name, phase, ...(phase !== "Held" && { sentAt }) })),
          );
          const { moved } = tallyOf([], ...seen);
          const {
            sent = 0,
            recovered = 0,
            not_recovered = 0,
            superseded = 0,
          } = await moved("rollbacks_total");
          const { rolloutguard_rollbacks_in_progress: inProgress = 0 } = await moved("rollbacks_in_progress");
          expect(recovered + not_recovered + superseded + inProgress).to.equal(sent);
        },
      ),
      propertyRuns(200),
    );
  });
});
