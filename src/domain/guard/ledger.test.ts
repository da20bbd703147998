// The ledger from pass to pass. What a rollout earns is in decide.ledger.test.ts; here is what each entry keeps and loses.
import { assert, expect } from "chai";
import type { LedgerEntry, Verdict } from "../../api/rollout-guard.ts";
import { referenceTo } from "../history/revisions.ts";
import { crashed, flapping, notReadyYet, readyAfter, regainedReadiness } from "../testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { statusAfter } from "../testing/expect-decision.ts";
import {
  andPods,
  completedAfter,
  crashing,
  wanting,
  withCurrent,
  withIncidents,
  withOldPods,
  withOthers,
  withPods,
  withService,
  withStatus,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "../testing/instants.ts";
import {
  aRestoredWorkload,
  aRollout,
  aSettledWorkload,
  at,
  type Fact,
  given,
  ledger,
  type Scene,
} from "../testing/scene.ts";

/** The entry of a revision after the decision about the scene. */
function entryAfter(scene: Scene, { hash }: { readonly hash: string }): LedgerEntry {
  const entry = statusAfter(scene).revisions?.find((one) => one.hash === hash);
  assert(entry, `${hash} has no entry`);
  return entry;
}

function verdictsAfter(scene: Scene): readonly (Verdict | undefined)[] {
  return (statusAfter(scene).revisions ?? []).map(({ verdict }) => verdict);
}

const complete = completedAfter(seconds(10));
const SENT_AT = later(minutes(1));

describe("the ledger's entry of a revision that ran before", () => {
  it("says that it is in trouble where the pods that are left of it crash, unless it was good", () => {
    const troubleOf = (verdict: Verdict) => {
      const old = [ledger(remembered(GOOD, verdict)), withOldPods(1, crashed({ restarts: 3 }))];
      return entryAfter(aRollout(withPods(1), ...old), GOOD).isTroubled;
    };
    expect(troubleOf("Completed")).to.equal(true);
    expect(troubleOf("Good")).to.equal(undefined);
    const well = aRollout(withPods(1), ledger(remembered(GOOD, "Completed")), withOldPods(1));
    expect(entryAfter(well, GOOD).isTroubled).to.equal(undefined);
  });

  it("keeps what the pods that are left of it prove, before they are gone", () => {
    const readySince = (readyAt: number) => withOldPods(2, regainedReadiness(readyAt));
    const entry = (...facts: readonly Fact[]) => entryAfter(aRollout(withPods(1), ...facts), GOOD);
    const completed = ledger(remembered(GOOD, "Completed"));
    const long = readySince(earlier(minutes(5)));
    expect(entry(completed, long).isWatched).to.equal(true);
    expect(entry(completed, readySince(later(0))).isWatched).to.equal(undefined);
    expect(entry(completed, long, withService({ selector: { tier: "web" } })).isWatched).to.equal(undefined);
    expect(entry(ledger(remembered(GOOD, "Good")), long).isWatched).to.equal(undefined);
    expect(entry(ledger(), long)).to.include({ verdict: "Completed", isWatched: true });
    const noted = given(aRollout(withPods(1), completed, long), withOldPods(0));
    const status = statusAfter(aRollout(withPods(1), completed, long));
    expect(entryAfter(given(noted, withStatus(status)), GOOD).isWatched).to.equal(true);
  });
});

describe("the ledger's entry of the present revision", () => {
  it("keeps with how many pods it was available, the most that it ever was", () => {
    const many = aRollout(complete, wanting(5));
    expect(entryAfter(many, NEW).replicas).to.equal(5);
    const fewer = given(many, withStatus(statusAfter(many)), wanting(2), at(minutes(6)));
    expect(entryAfter(fewer, NEW)).to.include({ verdict: "Good", replicas: 5 });
  });

  it("keeps how long the first start took, not what lost and regained readiness shows later", () => {
    const first = aRollout(complete, withPods(3, readyAfter(seconds(6))));
    expect(entryAfter(first, NEW).secondsToReady).to.equal(6);
    const muchLater = given(first, withStatus(statusAfter(first)), withPods(3, readyAfter(seconds(200))));
    expect(entryAfter(given(muchLater, at(minutes(10))), NEW).secondsToReady).to.equal(6);
    const flapped = aRollout(complete, withPods(3, readyAfter(seconds(6)), flapping(1, seconds(5))));
    expect(entryAfter(flapped, NEW)).not.to.have.property("secondsToReady");
  });

  it("is troubled by a check that fails after completion, and by a bake that begins again, until it is good", () => {
    const failing = aRollout(complete, crashing, withWorkload({ veto: "no" }));
    const known = ledger(remembered(NEW, "Completed", later(seconds(10))), remembered(GOOD, "Good"));
    expect(entryAfter(given(failing, known), NEW).isTroubled).to.equal(true);
    const troubled = ledger({ ...remembered(NEW, "Completed", later(seconds(10))), isTroubled: true });
    expect(entryAfter(aRollout(complete, troubled), NEW).isTroubled).to.equal(true);
    expect(entryAfter(aRollout(complete, troubled, at(minutes(6))), NEW)).not.to.have.property("isTroubled");
  });

  it("is watched when it is complete after its bake time without a finding, though it is not good", () => {
    const lacking = aRollout(complete, withPods(2), at(minutes(6)), withOldPods(0));
    expect(entryAfter(lacking, NEW)).to.include({ verdict: "Completed", isWatched: true });
    expect(entryAfter(given(lacking, at(minutes(5))), NEW)).not.to.have.property("isWatched");
    const good = given(lacking, withStatus(statusAfter(lacking)), withPods(3), at(minutes(7)));
    expect(entryAfter(good, NEW)).not.to.have.property("isWatched");
    const afterwards = given(lacking, withStatus(statusAfter(lacking)), at(minutes(9)));
    expect(entryAfter(afterwards, NEW).isWatched).to.equal(true);
    const pending = given(lacking, withService({ readyEndpoints: 0, emptySinceAt: lacking.now }));
    expect(entryAfter(pending, NEW)).not.to.have.property("isWatched");
  });

  it("is failing while it fails without a rollout, and not a moment longer", () => {
    const failing = aSettledWorkload(withPods(3, crashed({ restarts: 9 })));
    expect(entryAfter(failing, GOOD).isFailing).to.equal(true);
    const well = aSettledWorkload(withStatus(statusAfter(failing)), at(minutes(10)));
    expect(entryAfter(well, GOOD)).not.to.have.property("isFailing");
  });

  it("is Unproven for one that runs as it does by design and was never fully available", () => {
    const leader = [withPods(1), andPods(2, notReadyYet), withOldPods(0), ledger(), at(minutes(10))];
    expect(entryAfter(aRollout(...leader), NEW)).to.deep.include({
      verdict: "Unproven",
      since: written(later(0)),
      readyPercent: 35,
    });
  });

  it("takes what it shows now for what it showed before, and keeps that while it shows nothing", () => {
    const memory = { readyPercent: 35, failuresPerHour: 9 };
    const known = ledger(remembered(GOOD, "Good", earlier(minutes(50)), memory));
    expect(entryAfter(aSettledWorkload(known), GOOD)).not.to.have.any.keys("readyPercent", "failuresPerHour");
    const starting = aSettledWorkload(known, withWorkload({ generation: 9 }));
    expect(entryAfter(starting, GOOD)).to.include(memory);
  });
});

describe("the ledger's entries of other revisions", () => {
  it("say until when they were the present one", () => {
    expect(entryAfter(aRollout(), GOOD).until).to.equal(written(later(0)));
    const long = ledger({ ...remembered(GOOD, "Good"), until: written(earlier(minutes(20))) });
    expect(entryAfter(aRollout(long), GOOD).until).to.equal(written(earlier(minutes(20))));
    const again = aSettledWorkload(long);
    expect(entryAfter(again, GOOD)).not.to.have.property("until");
  });

  it("say of one that was replaced before it served that it never did, where that is known", () => {
    const unserved = aRevision("unserved", 2);
    const older = { ...GOOD, replicas: 3 };
    const current = { ...referenceTo(unserved), since: written(earlier(minutes(2))) };
    const replaced = (...facts: readonly Fact[]) =>
      given(
        aRollout(withOthers(older, unserved), withCurrent({ revision: 3 }), withStatus({ current })),
        withPods(1),
        ...facts,
      );
    expect(entryAfter(replaced(), unserved)).to.deep.equal({
      ...referenceTo(unserved),
      verdict: "Unproven",
      since: current.since,
      until: written(later(0)),
    });
    const has = (scene: Scene) => statusAfter(scene).revisions?.some(({ hash }) => hash === unserved.hash);
    expect(has(replaced(withOldPods(0))), "it can have replaced them").to.equal(false);
    expect(has(replaced(withStatus({ current: undefined }))), "it was not seen").to.equal(false);
  });

  it("keep up with the number that undo gives them", () => {
    const scene = aRollout(withOthers({ ...GOOD, revision: 7 }));
    expect(entryAfter(scene, GOOD).revision).to.equal(7);
  });

  it("are bad once a rollback of them was sent, whatever they had earned", () => {
    const sent = anIncident({ phase: "Verifying", sentAt: SENT_AT, generation: 4 });
    const good = ledger(remembered(GOOD, "Good"), remembered(NEW, "Good"));
    const scene = aRestoredWorkload(withIncidents(sent), good, at(minutes(2)));
    expect(entryAfter(scene, NEW)).to.include({ verdict: "Bad", incident: sent.name });
  });

  it("are not bad by an Incident about another Deployment of the same name", () => {
    const { spec, ...sent } = anIncident({ phase: "Recovered", sentAt: SENT_AT });
    const former = { ...sent, spec: { ...spec, target: { ...spec.target, uid: "former" } } };
    expect(verdictsAfter(aSettledWorkload(withOthers(NEW), withIncidents(former)))).to.not.include("Bad");
  });

  it("start again with another Deployment of the same name", () => {
    const bad = aRevision("bad", 0);
    const known = ledger(remembered(GOOD, "Good"), remembered(bad, "Bad"));
    const recreated = [known, withStatus({ targetUid: "former" })];
    expect(verdictsAfter(aRollout(...recreated, withOldPods(0)))).to.deep.equal(["Completed"]);
  });
});
