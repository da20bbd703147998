import { expect } from "chai";
import {
  INCIDENT_PHASES,
  type IncidentSpec,
  type IncidentStatus,
  incidentSpecSchema,
  isOpen,
  phaseOf,
} from "./incident.ts";

const spec: IncidentSpec = {
  guard: { name: "checkout", uid: "g" },
  target: { kind: "Deployment", name: "checkout", uid: "d" },
  failedRevision: { hash: "bad", revision: 2, images: ["checkout:2"] },
  action: "Undo",
  reason: "CrashLooping",
  message: "It exits again and again.",
  findings: [],
  rolloutStartedAt: "2026-11-21T06:00:00Z",
  detectedAt: "2026-11-21T06:00:12Z",
};
const statusWith = (phase: IncidentStatus["phase"]): IncidentStatus => ({ phase, message: "", timeline: [] });

describe("incidentSpecSchema", () => {
  it("accepts an Incident without a revision to restore", () => {
    expect(incidentSpecSchema.parse(spec)).to.deep.equal(spec);
  });

  it("refuses a reason that no check gives", () => {
    expect(incidentSpecSchema.safeParse({ ...spec, reason: "Veto" }).success).to.equal(false);
  });
});

describe("phaseOf", () => {
  it("is the phase in the status", () => {
    for (const phase of INCIDENT_PHASES) expect(phaseOf({ spec, status: statusWith(phase) })).to.equal(phase);
  });

  it("is what the operator meant to do while there is no status yet", () => {
    expect(phaseOf({ spec })).to.equal("Acting");
    expect(phaseOf({ spec: { ...spec, action: "None" } })).to.equal("Held");
  });
});

describe("isOpen", () => {
  it("holds until the Incident has ended", () => {
    const open = INCIDENT_PHASES.filter((phase) => isOpen({ spec, status: statusWith(phase) }));
    expect(open).to.deep.equal(["Held", "Acting", "Verifying"]);
  });
});
