import { expect } from "chai";
import { aRevision, GOOD, NEW } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { decisionIn, effectsOf } from "../testing/expect-decision.ts";
import { withIncidents, withWorkload } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, aSettledWorkload, at, type Fact, type Scene } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { cacheBehindUntil } from "./cache-behind.ts";

const DETECTED_AT = later(seconds(30));
const about = (of = NEW, phase: "Held" | "Superseded" = "Held"): Fact =>
  withIncidents(anIncident({ of, phase, detectedAt: DETECTED_AT }));

function behindUntil(scene: Scene): number | undefined {
  return cacheBehindUntil(snapshotOf(scene), DETECTED_AT + seconds(1));
}

describe("what is seen is behind an open Incident", () => {
  it("that is about a rollout after all that are seen, for three minutes at most", () => {
    const scene = aSettledWorkload(about());
    expect(behindUntil(scene)).to.equal(DETECTED_AT + minutes(3));
    expect(cacheBehindUntil(snapshotOf(scene), DETECTED_AT + minutes(3))).to.equal(undefined);
  });

  it("and the Incident does not end as if somebody had gone back", () => {
    const ended = (scene: Scene) => effectsOf(decisionIn(scene), "updateIncident");
    expect(ended(aSettledWorkload(about(), at(seconds(31))))).to.deep.equal([]);
    expect(ended(aSettledWorkload(about(), at(minutes(4))))).to.have.lengthOf(1);
  });

  it("that is about a revision which is rolled out again, and has its former number here", () => {
    const again = { ...GOOD, revision: 7 };
    expect(behindUntil(aSettledWorkload(about(again)))).to.equal(DETECTED_AT + minutes(3));
  });

  it("by the time at which the API server took the Incident, where it says so", () => {
    const [incident] = [anIncident({ phase: "Held", detectedAt: DETECTED_AT })];
    const taken = { ...incident, createdAt: DETECTED_AT - seconds(20) };
    expect(behindUntil(aSettledWorkload(withIncidents(taken)))).to.equal(
      DETECTED_AT + minutes(3) - seconds(20),
    );
  });

  it("but not when the revision is there, the Incident has ended, or it is about another workload", () => {
    expect(behindUntil(aRollout(about()))).to.equal(undefined);
    expect(behindUntil(aRollout(about(GOOD)))).to.equal(undefined);
    expect(behindUntil(aSettledWorkload(about(NEW, "Superseded")))).to.equal(undefined);
    const recreated = withWorkload({ uid: "uid-of-another-deployment" });
    expect(behindUntil(aSettledWorkload(about(), recreated))).to.equal(undefined);
  });

  it("but not where a person went back to an older revision: that has a newer number", () => {
    const undone = aRollout(about(aRevision("failed", 2)), (scene) => ({
      ...scene,
      current: { ...scene.current, revision: 3 },
    }));
    expect(behindUntil(undone)).to.equal(undefined);
  });
});
