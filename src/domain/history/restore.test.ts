import { expect } from "chai";
import type { RevisionView } from "../snapshot/revision.ts";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { appWith } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import { withIncidents, withOldPods, withOthers, withStatus, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { historyOf } from "./history.ts";
import { type Restore, revisionToRestore } from "./restore.ts";

const a = aRevision("a", 3);
const b = aRevision("b", 4, {}, appWith({ image: "registry.example/checkout:b" }));
/** Its pods still run. */
const runningB: RevisionView = { ...b, availableReplicas: 1 };
const none = withOldPods(0);
const BAKE_TIME_MS = minutes(5);

function choice(rollbackTo: "LastGood" | "Previous", ...facts: readonly Fact[]): Restore {
  const scene = aRollout(none, ...facts);
  // What a scene counts of pods is not in question here.
  const snapshot = {
    ...snapshotOf(scene),
    revisions: [scene.current, ...scene.others],
  };
  if (!snapshot.workload) throw new Error("the scene has no workload");
  const options = { rollbackTo, bakeTimeMs: BAKE_TIME_MS, now: scene.now } as const;
  return revisionToRestore(snapshot, snapshot.workload, historyOf(snapshot), NEW, options);
}

function restore(rollbackTo: "LastGood" | "Previous", ...facts: readonly Fact[]): string {
  const chosen = choice(rollbackTo, ...facts);
  return "revision" in chosen ? chosen.revision.hash : chosen.none;
}

/** It was complete, and the current one for so long. */
function completeFor(revision: RevisionView, durationMs: number) {
  const since = earlier(minutes(60));
  return remembered(revision, "Completed", since, { until: written(since + durationMs) });
}

describe("revisionToRestore, LastGood", () => {
  it("is the newest good one by revision number, which undo moves along", () => {
    const both = ledger(remembered(a, "Good", later(0)), remembered(b, "Good", earlier(minutes(90))));
    expect(restore("LastGood", withOthers(a, b), both)).to.equal("b");
  });

  describe("a newer one that was only complete, before an older good one", () => {
    const over = (entry: ReturnType<typeof remembered>) => [ledger(remembered(a, "Good"), entry)];

    it("goes first while its pods still run without a sign of trouble", () => {
      const entry = completeFor(b, seconds(40));
      expect(restore("LastGood", withOthers(a, runningB), ...over(entry))).to.equal("b");
      expect(restore("LastGood", withOthers(a, b), ...over(entry))).to.equal("a");
    });

    it("goes first when it was complete for as long as it has to bake", () => {
      expect(restore("LastGood", withOthers(a, b), ...over(completeFor(b, BAKE_TIME_MS)))).to.equal("b");
      expect(restore("LastGood", withOthers(a, b), ...over(completeFor(b, BAKE_TIME_MS - 1)))).to.equal("a");
    });

    it("does not when it showed a sign of trouble", () => {
      const troubled = { ...completeFor(b, minutes(50)), isTroubled: true };
      expect(restore("LastGood", withOthers(a, runningB), ...over(troubled))).to.equal("a");
      const held = withIncidents(anIncident({ of: b, phase: "Superseded" }));
      const facts = [withOthers(a, runningB), ...over(completeFor(b, minutes(50))), held];
      expect(restore("LastGood", ...facts)).to.equal("a");
    });

    it("does not when it was never fully available", () => {
      const unproven = remembered(b, "Unproven", earlier(minutes(60)));
      expect(restore("LastGood", withOthers(a, runningB), ...over(unproven))).to.equal("a");
    });
  });

  it("is the newest that completed when none is good", () => {
    const entries = ledger(completeFor(a, seconds(40)), remembered(b, "Bad"));
    expect(restore("LastGood", withOthers(a, b, GOOD), entries)).to.equal("a");
  });

  it("is one whose pods are available now when the guard remembers nothing", () => {
    expect(restore("LastGood", withOthers(a, runningB), ledger())).to.equal("b");
  });

  it("is one that was never fully available by design, when it ran for as long as it has to bake", () => {
    const leader = (forMs: number) => {
      const since = earlier(minutes(60));
      const until = written(since + forMs);
      return ledger(remembered(b, "Unproven", since, { readyPercent: 35, until }));
    };
    expect(restore("LastGood", withOthers(a, b), leader(BAKE_TIME_MS))).to.equal("b");
    expect(restore("LastGood", withOthers(a, b), leader(BAKE_TIME_MS - 1))).to.equal("NoGoodRevision");
  });

  it("is one of which Incidents say that it worked, when the guard remembers nothing", () => {
    const nothing = [withOthers(a, b), ledger()];
    const about = { of: aRevision("c", 2), restoring: a };
    const served = anIncident({ ...about, phase: "Recovered", sentAt: later(0) });
    expect(restore("LastGood", ...nothing, withIncidents(served))).to.equal("a");
    expect(restore("LastGood", ...nothing, withIncidents(anIncident({ restoring: a })))).to.equal("a");
    const failed = anIncident({ ...about, phase: "NotRecovered", sentAt: later(0) });
    const onlyMeant = anIncident({ ...about, phase: "Superseded" });
    for (const incident of [failed, onlyMeant])
      expect(restore("LastGood", ...nothing, withIncidents(incident))).to.equal("NoGoodRevision");
  });

  it("is never one in quarantine, though it was good before", () => {
    const good = ledger(remembered(a, "Good"), remembered(b, "Good"));
    const sent = withIncidents(anIncident({ of: b, phase: "Recovered", sentAt: later(0) }));
    expect(restore("LastGood", withOthers(a, b), good, sent)).to.equal("a");
    expect(restore("LastGood", withOthers(b), ledger(remembered(b, "Bad")))).to.equal("TargetQuarantined");
  });

  it("is never one that is being deleted or has the present template", () => {
    const going = { ...b, isDeleting: true };
    const same = { ...a, templateKey: NEW.templateKey };
    const good = ledger(remembered(a, "Good"), remembered(b, "Good"));
    expect(restore("LastGood", withOthers(going, same), good)).to.equal("NoGoodRevision");
  });

  it("is none of another Deployment of the same name", () => {
    const former = [
      withOthers(a),
      ledger(remembered(a, "Good")),
      withStatus({ targetUid: "uid-of-deployment" }),
    ];
    expect(restore("LastGood", ...former)).to.equal("a");
    const recreated = withWorkload({ uid: "uid-of-another-deployment" });
    expect(restore("LastGood", ...former, recreated)).to.equal("NoGoodRevision");
  });

  it("says how to go to one of which nothing is known", () => {
    const chosen = choice("LastGood", withOthers(a, b), ledger());
    expect("none" in chosen && chosen.message).to.contain(
      "kubectl rollout undo deployment/checkout -n shop --to-revision=4",
    );
  });
});

describe("revisionToRestore, Previous", () => {
  it("is the one with the highest number, good or not, unless it is in quarantine", () => {
    expect(restore("Previous", withOthers(a, b), ledger(remembered(a, "Good")))).to.equal("b");
    expect(restore("Previous", withOthers(a, b), ledger(remembered(b, "Bad")))).to.equal("TargetQuarantined");
  });
});

describe("revisionToRestore, without a history", () => {
  it("is none", () => {
    expect(restore("LastGood", withOthers())).to.equal("NoGoodRevision");
    expect(restore("Previous", withOthers())).to.equal("NoGoodRevision");
  });
});
