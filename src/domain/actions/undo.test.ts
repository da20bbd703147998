import { assert, expect } from "chai";
import { crashed, notReadyYet, runningSince } from "../testing/a-pod.ts";
import { aRevision, GOOD, NEW } from "../testing/a-revision.ts";
import { anIncident, anUndo } from "../testing/an-incident.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, crashing, withIncidents, withPods, withWorkload } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aFirstRollout, aRestoredWorkload, aRollout, at } from "../testing/scene.ts";
import { restoreTemplate, undo } from "./undo.ts";

const OLDER = aRevision("7c9d5b6f48", 0);
const SENT_AT = later(minutes(1));
const acting = anIncident({ phase: "Acting" });
const verifying = anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 4 });
const starting = withPods(3, notReadyYet, runningSince(SENT_AT));

describe("undo", () => {
  it("plans one change: the template of the good revision, on the generation that was judged", () => {
    const rollout = rolloutIn(aRollout(crashing));
    const plan = undo.plan(rollout, "checkout-596f7cbf4b");
    assert("changes" in plan);
    expect(plan.changes).to.deep.equal([restoreTemplate(rollout, GOOD, "checkout-596f7cbf4b")]);
    expect(plan.changes[0]?.expect).to.deep.equal({ uid: "uid-of-deployment", generation: 4 });
    const { startedAt: _sent, ...step } = anUndo(0);
    expect(plan.step).to.deep.equal(step);
  });

  it("is impossible, and says why, without a revision to go back to", () => {
    const plan = undo.plan(rolloutIn(aFirstRollout(crashing)), "checkout-596f7cbf4b");
    expect(plan).to.have.nested.property("impossible.reason", "NoGoodRevision");
  });

  it("was sent when the Deployment says so, for this Incident", () => {
    const scene = aRestoredWorkload(starting);
    expect(undo.isSent(rolloutIn(scene), acting)).to.equal(true);
    const other = withWorkload({ rolledBack: { incident: "another", at: SENT_AT } });
    expect(undo.isSent(rolloutIn(aRestoredWorkload(starting, other)), acting)).to.equal(false);
    expect(undo.isSent(rolloutIn(aRollout(crashing)), acting)).to.equal(false);
  });

  it("notes the generation that it made, and when by the Deployment's own word", () => {
    // It was decided a minute before: the API server could not be reached in between.
    const decided = anIncident({ phase: "Acting", sentAt: SENT_AT - minutes(1) });
    for (const incident of [acting, decided]) {
      const { step } = undo.sent(rolloutIn(aRestoredWorkload(starting)), incident, later(minutes(5)));
      expect(step).to.deep.equal({ ...anUndo(SENT_AT), generation: 4 });
    }
  });

  it("waits while the restored pods start, and looks again when their time is over", () => {
    const scene = aRestoredWorkload(starting);
    const verification = undo.verify(rolloutIn(scene), verifying, scene.now);
    assert(verification.is === "waiting");
    expect(verification.wakeAts).to.include(SENT_AT + seconds(45));
  });

  it("is serving when all pods are available and the Services have endpoints", () => {
    const scene = aRestoredWorkload();
    const verification = undo.verify(rolloutIn(scene), verifying, scene.now);
    assert(verification.is === "serving", verification.message);
    expect(verification.sinceAt).to.be.at.most(scene.now);
    expect(verification.message).to.contain("formerly revision 1");
  });

  it("has failed when the restored pods fail, or the progress deadline passes", () => {
    const noted = withIncidents(verifying);
    const slow = [withPods(2), andPods(1, notReadyYet)];
    for (const [scene, why] of [
      [aRestoredWorkload(noted, withPods(3, crashed({ restarts: 2 }))), "3 of 3 pods"],
      [aRestoredWorkload(noted, ...slow, at(minutes(12))), "2 of 3 pods are available"],
    ] as const) {
      const verification = undo.verify(rolloutIn(scene), verifying, scene.now);
      expect(verification.is).to.equal("failed");
      expect(verification.message).to.contain(why);
    }
  });

  it("restores the revision that a person chose", () => {
    const { from, to } = restoreTemplate(rolloutIn(aRollout(crashing)), OLDER, "checkout-596f7cbf4b");
    expect([from.hash, to.hash]).to.deep.equal([NEW.hash, OLDER.hash]);
  });
});
