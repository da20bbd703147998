import { expect } from "chai";
import type { RevisionView } from "../snapshot/revision.ts";
import { type PodTrait, regainedReadiness } from "../testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { appWith } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import {
  andService,
  withIncidents,
  withOldPods,
  withOthers,
  withService,
  withStatus,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds, written } from "../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { historyOf } from "./history.ts";
import { type Restore, revisionToRestore } from "./restore.ts";
import { referenceTo } from "./revisions.ts";

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

    it("does not when a Service that served the workload does not reach its pods", () => {
      const running = (labels = NEW.template.labels) => ({
        ...runningB,
        template: { ...b.template, labels },
      });
      const chosen = (revision: RevisionView, ...facts: readonly Fact[]) =>
        restore("LastGood", withOthers(a, revision), ...over(completeFor(b, seconds(40))), ...facts);
      expect(chosen(running())).to.equal("b");
      expect(chosen(running({ tier: "web" }))).to.equal("a");
      expect(chosen(running(), withService({ readyEndpoints: 0 }))).to.equal("a");
      const named = withService({ ports: [{ port: 80, targetPort: "grpc" }] });
      expect(chosen(running(), named)).to.equal("a");
      const neverServed = withStatus({ services: [] });
      expect(chosen(running({ tier: "web" }), neverServed)).to.equal("b");
    });

    it("goes first when a Service of another version does not reach its pods", () => {
      const labels = { app: "checkout", version: "v2" };
      const running = { ...runningB, template: { ...b.template, labels } };
      const former = withService({ name: "checkout-v1", selector: { ...labels, version: "v1" } });
      const own = andService("checkout-v2", { selector: labels });
      const status = withStatus({ services: [{ name: "checkout-v1", endpoints: 2 }] });
      const facts = [withOthers(a, running), ...over(completeFor(b, seconds(40))), former, status];
      expect(restore("LastGood", ...facts, own)).to.equal("b");
      expect(restore("LastGood", ...facts)).to.equal("a");
    });

    it("goes first when it was watched for as long as it has to bake, not when only the time passed", () => {
      const watched = { ...completeFor(b, BAKE_TIME_MS), isWatched: true };
      expect(restore("LastGood", withOthers(a, b), ...over(watched))).to.equal("b");
      expect(restore("LastGood", withOthers(a, b), ...over(completeFor(b, minutes(50))))).to.equal("a");
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

  describe("one that came and was replaced while nobody watched, before an older good one", () => {
    const alone = (...facts: readonly Fact[]) =>
      restore("LastGood", withOthers(runningB, a), ledger(remembered(a, "Good")), ...facts);
    const since = (readyAt: number) => withOldPods(2, regainedReadiness(readyAt));
    const long = since(earlier(BAKE_TIME_MS));

    it("goes first when its pods have been ready for as long as it has to bake", () => {
      expect(alone(long)).to.equal("b");
      expect(alone(since(later(minutes(1) - BAKE_TIME_MS)))).to.equal("b");
      expect(alone(since(later(minutes(1) - BAKE_TIME_MS + 1)))).to.equal("a");
    });

    it("has them ready all that time when only their node was lost and came back", () => {
      const lost: PodTrait = (pod) => ({ ...pod, readyChangedAt: later(seconds(50)) });
      const back = withOldPods(2, regainedReadiness(earlier(BAKE_TIME_MS)), lost);
      expect(alone(back)).to.equal("b");
    });

    it("does not when pods of an older one are left, which it has not replaced", () => {
      expect(alone(long, withOthers(runningB, { ...a, replicas: 1 }))).to.equal("a");
    });

    it("does not when a Service that served the workload does not reach its pods", () => {
      const elsewhere = { selector: { app: "checkout", tier: "frontend" } };
      expect(alone(long, withService(elsewhere))).to.equal("a");
      expect(alone(long, withService({ readyEndpoints: 0 }))).to.equal("a");
      expect(alone(long, withService(elsewhere), withStatus({ services: [] }))).to.equal("b");
    });

    it("does not when it showed a sign of trouble", () => {
      const held = withIncidents(anIncident({ of: b, phase: "Superseded" }));
      expect(alone(long, held)).to.equal("a");
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

  it("is not one that never served: the one before it ran", () => {
    const running = { ...a, availableReplicas: 1 };
    expect(restore("Previous", withOthers(running, b), ledger())).to.equal("a");
    expect(restore("Previous", withOthers(a, b), ledger(remembered(b, "Unproven")))).to.equal("a");
  });

  it("is not one since whose beginning the Deployment has not been available", () => {
    const unavailable = (transitionAt: number, status: "True" | "False" = "False") =>
      withWorkload({
        conditions: [
          { type: "Available", status, reason: "", message: "", transitionAt, updatedAt: transitionAt },
        ],
      });
    const since = (...facts: readonly Fact[]) =>
      restore("Previous", withOthers({ ...a, createdAt: earlier(minutes(60)) }, b), ledger(), ...facts);
    expect(since(unavailable(later(seconds(5))))).to.equal("a");
    expect(since(unavailable(later(seconds(6))))).to.equal("b");
    expect(since(unavailable(later(seconds(5)), "True"))).to.equal("b");
    const again = withStatus({ current: { ...referenceTo(b), since: written(later(seconds(20))) } });
    expect(since(unavailable(later(seconds(25))), again)).to.equal("a");
  });

  it("is one of which a Service had endpoints while the Deployment was unavailable: one pod of several is ready by design", () => {
    const unavailable = withWorkload({
      conditions: [
        {
          type: "Available",
          status: "False",
          reason: "",
          message: "",
          transitionAt: later(0),
          updatedAt: later(0),
        },
      ],
    });
    const leading = (until: number) =>
      withService({
        readyEndpoints: 0,
        changes: [
          { at: later(0), ready: 1 },
          { at: until, ready: 0 },
        ],
      });
    const others = withOthers({ ...a, createdAt: earlier(minutes(60)) }, b);
    expect(restore("Previous", others, ledger(), unavailable, leading(later(minutes(1))))).to.equal("b");
    expect(restore("Previous", others, ledger(), unavailable, leading(later(seconds(5))))).to.equal("a");
  });

  it("is the newest where the guard cannot know, or where another share of its pods was ready by design", () => {
    expect(restore("Previous", withOthers(a, b), ledger())).to.equal("b");
    const leader = remembered(b, "Unproven", earlier(minutes(60)), { readyPercent: 35 });
    expect(restore("Previous", withOthers(a, b), ledger(leader))).to.equal("b");
    const both = ledger(remembered(a, "Unproven"), remembered(b, "Unproven"));
    expect(restore("Previous", withOthers(a, b), both)).to.equal("b");
  });
});

describe("revisionToRestore, without a history", () => {
  it("is none", () => {
    expect(restore("LastGood", withOthers())).to.equal("NoGoodRevision");
    expect(restore("Previous", withOthers())).to.equal("NoGoodRevision");
  });
});
