import { expect } from "chai";
import { unknown } from "../domain/checks/fault.ts";
import { decide } from "../domain/decide.ts";
import { notReadyYet } from "../domain/testing/a-pod.ts";
import { GOOD, NEW } from "../domain/testing/a-revision.ts";
import { anIncident } from "../domain/testing/an-incident.ts";
import { crashing, withIncidents, withPods, withSpec, withStatus } from "../domain/testing/facts.ts";
import { seconds } from "../domain/testing/instants.ts";
import { withMetricCheck } from "../domain/testing/samples.ts";
import { aRollout, aSettledWorkload, at, type Scene } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { guardReport } from "./guard-report.ts";

function reportOn(scene: Scene) {
  const snapshot = snapshotOf(scene);
  return guardReport(snapshot, decide(snapshot, scene.now), scene.now);
}

describe("guardReport", () => {
  it("names what running, what a rollback would restore, and the verdict on each revision", () => {
    const { running, good, revisions } = reportOn(aRollout(withPods(3, notReadyYet), at(seconds(9))));
    expect(running?.hash).to.equal(NEW.hash);
    expect(good?.hash).to.equal(GOOD.hash);
    expect(revisions.map(({ hash, verdict }) => [hash, verdict])).to.deep.equal([
      [NEW.hash, "unknown"],
      [GOOD.hash, "good"],
    ]);
  });

  it("says of a good revision that runs that it is the good one", () => {
    const { running, good, findings } = reportOn(aSettledWorkload());
    expect([running?.hash, good?.hash, findings]).to.deep.equal([GOOD.hash, GOOD.hash, []]);
  });

  it("shows how metric and HTTP checks stand, as the operator has said last", () => {
    const at = "2026-03-02T09:00:50Z";
    const checks = [{ name: "metrics/errors", state: "Passing" as const, message: "6 of 300 (2.0%)", at }];
    expect(reportOn(aRollout(withMetricCheck(), withStatus({ checks }))).checks).to.deep.equal(checks);
    expect(reportOn(aRollout())).not.to.have.property("checks");
  });

  it("carries the decision's findings and brake, and names the Incident behind a bad verdict", () => {
    const incident = anIncident({ phase: "Held", brake: { reason: "ObserveMode", message: "It observes." } });
    const { findings, brake, openIncident, revisions } = reportOn(
      aRollout(crashing, withSpec({ mode: "Observe" }), withIncidents(incident)),
    );
    expect(findings[0]).to.include({ verdict: "failing", reason: "CrashLooping" });
    expect(brake?.reason).to.equal("ObserveMode");
    expect(openIncident).to.equal(incident.name);
    expect(revisions[0]).to.include({ verdict: "bad", because: `Incident ${incident.name}` });
  });

  it("says which check cannot tell, and why, apart from what the others found", () => {
    const scene = aRollout(withPods(3, notReadyYet), at(seconds(9)));
    const snapshot = snapshotOf(scene);
    const decision = decide(snapshot, scene.now);
    const silent = unknown("emptyEndpoints", "The EndpointSlices cannot be read.");
    const report = guardReport(
      snapshot,
      { ...decision, findings: [...decision.findings, silent] },
      scene.now,
    );
    expect(report.unknown).to.deep.equal([
      { check: "emptyEndpoints", message: "The EndpointSlices cannot be read." },
    ]);
    expect(report.findings.map(({ check }) => check)).to.deep.equal(["readiness"]);
  });
});
