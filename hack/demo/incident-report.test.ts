import { expect } from "chai";
import { incidentReport } from "./incident-report.ts";
import type { IncidentObject } from "./sight.ts";
import { anIncident, aRecoveredIncident } from "./testing/sights.ts";

/** What the report says under a label. */
function said(incident: IncidentObject, label: string): readonly string[] | undefined {
  return incidentReport(incident).find((part) => part.label === label)?.says;
}

function withEvidence(...evidence: readonly string[]): IncidentObject {
  const incident = anIncident();
  const finding = {
    check: "readiness",
    reason: "NotReady",
    message: "",
    since: "2026-11-21T06:00:00Z",
  } as const;
  return { ...incident, spec: { ...incident.spec, findings: [{ ...finding, evidence: [...evidence] }] } };
}

describe("incidentReport", () => {
  it("answers the questions in the order in which they are asked", () => {
    const recovered = aRecoveredIncident();
    const status = recovered.status && {
      ...recovered.status,
      changes: ["port 8080 → 80"],
      rootCause: "Nobody listens.",
    };
    expect(incidentReport({ ...recovered, status })).to.deep.equal([
      { label: "summary", says: ["app:2 fails, NotReady: 2 of 2 pods did not become ready"] },
      { label: "timeline", says: ["rollout started at 06:00:00 UTC, failure detected at 06:00:25 UTC"] },
      { label: "cause", says: ["Nobody listens."] },
      { label: "changes", says: ["port 8080 → 80"] },
      { label: "action", says: ["rolled back to app:1 (first) at 06:00:25 UTC"] },
      {
        label: "resolved",
        says: ["yes, at 06:00:31 UTC: 25s to detect, 6s to recover. Revision 3 (first) is serving again."],
      },
    ]);
  });

  it("admits that the cause is not known", () => {
    expect(said(anIncident(), "cause")).to.deep.equal(["unknown"]);
  });

  it("says that it is not over", () => {
    expect(said(anIncident(), "resolved")).to.deep.equal(["no, Acting: Rolling back."]);
  });

  it("says how it ended when service did not come back", () => {
    const ended = anIncident({
      phase: "NotRecovered",
      message: "It does not serve.",
      endedAt: "2026-11-21T06:05:00Z",
    });
    expect(said(ended, "resolved")).to.deep.equal(["no, NotRecovered: It does not serve."]);
  });

  it("names the brake when nothing was done", () => {
    const held = anIncident({ phase: "Held", brake: { reason: "Veto", message: "A veto is set." } });
    expect(said(held, "action")).to.deep.equal(["none, Veto: A veto is set."]);
  });

  it("tells once what is the same of several pods", () => {
    const incident = withEvidence(
      "pod app-5d7-x2x4z: Ready is False",
      "pod app-5d7-abcde: Ready is False",
      'Event Unhealthy (×3) on app-5d7-x2x4z: Get "http://10.244.0.1:80/"',
      'Event Unhealthy (×2) on app-5d7-abcde: Get "http://10.244.0.2:80/"',
      "Service app: 0 ready endpoints",
    );
    expect(said(incident, "evidence")).to.deep.equal([
      "pod app-5d7-x2x4z: Ready is False (and 1 more like this)",
      'Event Unhealthy (×3) on app-5d7-x2x4z: Get "http://10.244.0.1:80/" (and 1 more like this)',
      "Service app: 0 ready endpoints",
    ]);
  });

  it("spares the reader the uids of pods", () => {
    const incident = withEvidence("Back-off in pod app-1_production(2813f079-9559-488f-b23e-d2bbe9706996)");
    expect(said(incident, "evidence")).to.deep.equal(["Back-off in pod app-1"]);
  });
});
