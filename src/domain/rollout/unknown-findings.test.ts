import { expect } from "chai";
import { causesOf } from "../causes/ordered-causes.ts";
import { unknown } from "../checks/fault.ts";
import type { FailingFinding, Finding } from "../decision.ts";
import { resumeIncident } from "../incidents/act.ts";
import { incidentFacts } from "../incidents/incident-status.ts";
import { dueTimes } from "../outcome.ts";
import { anIncident } from "../testing/an-incident.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { withIncidents } from "../testing/facts.ts";
import { minutes, T0 } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { hasBaked, progressOf } from "./progress.ts";

const UNKNOWN = unknown("readiness", "Prometheus cannot be reached.");
const PENDING: Finding = {
  check: "degraded",
  verdict: "pending",
  reason: "Degraded",
  message: "",
  sinceAt: T0,
  evidence: [],
  restsOn: [],
};
const baked = aRollout(at(minutes(6)));

describe("a finding that is unknown", () => {
  it("never keeps a revision from becoming good, as a pending one does", () => {
    const rollout = rolloutIn(baked);
    expect(hasBaked(rollout, [UNKNOWN], baked.now)).to.equal(true);
    expect(hasBaked(rollout, [UNKNOWN, PENDING], baked.now)).to.equal(false);
    expect(progressOf(rollout, [UNKNOWN], baked.now)).to.include({ phase: "Healthy", earned: "Good" });
  });

  it("never fails a rollout: it is no headline, has no cause, and stands in no Incident", () => {
    const scene = aRollout(at(minutes(1)));
    const rollout = rolloutIn(scene);
    expect(progressOf(rollout, [UNKNOWN], scene.now).phase).to.equal("Baking");
    expect(causesOf(rollout, [UNKNOWN], scene.now)).to.deep.equal([]);
    const headline: FailingFinding = { ...PENDING, reason: "Degraded", verdict: "failing" } as FailingFinding;
    const { findings } = incidentFacts(rollout, headline, [headline, UNKNOWN], scene.now);
    expect(findings.map(({ check }) => check)).to.deep.equal(["degraded"]);
  });

  it("never comes due, and does not keep an Incident open whose rollout has recovered", () => {
    expect(dueTimes([UNKNOWN])).to.deep.equal([undefined]);
    const incident = anIncident({ phase: "Held", brake: { reason: "Cooldown", message: "" } });
    const rollout = rolloutIn({ ...baked, ...withIncidents(incident)(baked) });
    const outcome = resumeIncident(rollout, incident, undefined, [UNKNOWN], baked.now);
    expect(outcome).to.include({ phase: "Healthy", earned: "Good" });
  });
});
