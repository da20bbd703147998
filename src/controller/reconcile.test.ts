import { assert, expect } from "chai";
import { phaseOf } from "../api/incident.ts";
import { decide } from "../domain/decide.ts";
import type { Decision } from "../domain/decision.ts";
import { changeText } from "../domain/effects/change.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { crashed, unschedulable } from "../domain/testing/a-pod.ts";
import { GOOD, NEW } from "../domain/testing/a-revision.ts";
import { anIncident, anUndo } from "../domain/testing/an-incident.ts";
import {
  frozenFor,
  withIncidents,
  withOldPods,
  withPods,
  withSpec,
  withWorkload,
} from "../domain/testing/facts.ts";
import { minutes, seconds, T0 } from "../domain/testing/instants.ts";
import { aRestoredWorkload, aRollout, type Fact, guardSpec } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { ApiError, ConflictError, RefusedError } from "../kube/connection/api-error.ts";
import { HandOverRetries } from "./hand-over-retries.ts";
import { MissingGuards } from "./missing-guards.ts";
import { DecisionFailure, EffectFailure } from "./pass-failure.ts";
import { type Outcome, type ReconcileDependencies, reconcile } from "./reconcile.ts";
import { StatusBudget } from "./status-budget.ts";
import { createFakeCluster, type FakeCluster, type FakeClusterOptions } from "./testing/fake-cluster.ts";
import { NO_ANSWERS } from "./testing/no-answers.ts";

const KEY = "shop/checkout/Deployment/checkout";
const NOW = T0 + seconds(60);

/** A new revision whose pods crash, over a good one that still has a pod. */
function aCrashingRollout(...facts: readonly Fact[]): Snapshot {
  return snapshotOf(aRollout(withPods(3, crashed({ restarts: 4 })), withOldPods(1), ...facts));
}

function pass(
  cluster: FakeCluster,
  how = decide,
  now = NOW,
  more: Partial<ReconcileDependencies> = {},
): Promise<Outcome> {
  return reconcile(KEY, {
    cluster,
    answers: NO_ANSWERS,
    decide: how,
    clock: { now: () => now },
    statusBudget: new StatusBudget(),
    handOverRetries: new HandOverRetries(),
    missingGuards: new MissingGuards(),
    staleSources: () => undefined,
    onWritten: () => {},
    onNotHandedOver: () => {},
    ...more,
  });
}

/** Passes until nothing is left to do, each one after what the last one left behind; and again when service has lasted. */
async function passToRest(cluster: FakeCluster): Promise<Decision> {
  await passToRestAt(cluster, NOW);
  return passToRestAt(cluster, NOW + minutes(10));
}

async function passToRestAt(cluster: FakeCluster, now: number): Promise<Decision> {
  for (let passes = 0; passes < 20; passes++) {
    const outcome = await pass(cluster, decide, now);
    if (outcome.is === "settled" && outcome.decision.effects.length === 0) return outcome.decision;
  }
  throw new Error("the passes do not come to rest");
}

/** The end that every way must lead to: rolled back once, verified, told. */
function expectRecovered(cluster: FakeCluster): void {
  expect(cluster.changes.map(changeText)).to.deep.equal([`roll back from ${NEW.hash} to ${GOOD.hash}`]);
  expect(cluster.world?.incidents.map((incident) => [incident.name, phaseOf(incident)])).to.deep.equal([
    [NEW.source.name, "Recovered"],
  ]);
  expect(cluster.world?.guard.status.lastIncident).to.equal(NEW.source.name);
  expect(cluster.world?.workload?.templateKey).to.equal(GOOD.templateKey);
}

describe("reconcile", () => {
  it("ends when there is no such guard", async () => {
    const cluster = createFakeCluster({ world: undefined });
    expect(await pass(cluster)).to.deep.equal({ is: "gone" });
  });

  describe("when there is no such guard, but an open Incident", () => {
    const world = () => snapshotOf(aRollout(withIncidents(anIncident({ phase: "Held" }))));
    const later = NOW + minutes(1);

    it("ends it after a minute", async () => {
      const cluster = createFakeCluster({ world: world(), isUnguarded: true });
      const missingGuards = new MissingGuards();
      const first = await pass(cluster, decide, NOW, { missingGuards });
      expect(first).to.include({ is: "unguarded", recheckAt: later });
      const second = await pass(cluster, decide, later, { missingGuards });
      expect(second).to.include({ is: "unguarded", recheckAt: later });
      expect(cluster.world?.incidents.map(phaseOf)).to.deep.equal(["Superseded"]);
      expect(await pass(cluster, decide, later, { missingGuards })).to.deep.equal({ is: "gone" });
    });

    it("ends RolloutGuard's own pause, once, when its rollback was stopped", async () => {
      const stopped = anIncident({ phase: "NotRecovered", sentAt: T0 });
      const steps = [{ ...anUndo(T0), action: "Freeze" as const }];
      const incident = { ...stopped, ...(stopped.status && { status: { ...stopped.status, steps } }) };
      const pause = withWorkload({ isPaused: true, pausedFor: incident.name });
      const cluster = createFakeCluster({
        world: snapshotOf(aRestoredWorkload(withIncidents(incident), pause)),
        isUnguarded: true,
      });
      const missingGuards = new MissingGuards();
      await pass(cluster, decide, NOW, { missingGuards });
      expect(cluster.changes).to.deep.equal([]);
      for (const at of [later, later + seconds(1)])
        expect(await pass(cluster, decide, at, { missingGuards })).to.deep.equal({ is: "gone" });
      expect(cluster.changes.map(changeText)).to.deep.equal(["resume Deployment checkout"]);
    });

    it("does not end it while it does not know the present guards", async () => {
      const cluster = createFakeCluster({ world: world(), isUnguarded: true });
      const missingGuards = new MissingGuards();
      missingGuards.sinceAt(KEY, NOW);
      const outcome = await pass(cluster, decide, later, {
        missingGuards,
        staleSources: () => "rolloutguards",
      });
      expect(outcome).to.include({ is: "unguarded", recheckAt: later + seconds(2) });
      expect(cluster.world?.incidents.map(phaseOf)).to.deep.equal(["Held"]);
    });

    it("waits another minute when the guard was there in between", async () => {
      const missingGuards = new MissingGuards();
      const unguarded = createFakeCluster({ world: world(), isUnguarded: true });
      await pass(unguarded, decide, NOW, { missingGuards });
      await pass(createFakeCluster({ world: world() }), decide, NOW, { missingGuards });
      const outcome = await pass(unguarded, decide, later, { missingGuards });
      expect(outcome).to.include({ recheckAt: later + minutes(1) });
    });
  });

  it("makes the intent durable, rolls back, records the answer and leaves the rest to the next pass", async () => {
    const cluster = createFakeCluster({ world: aCrashingRollout() });
    expect((await pass(cluster)).is).to.equal("changed");
    expect(cluster.changes).to.have.length(1);
    expect(cluster.world?.incidents.map(phaseOf)).to.deep.equal(["Verifying"]);
  });

  describe("when what was accepted is not what was sent", () => {
    const admissions: Record<string, FakeClusterOptions["admit"]> = {
      "admission keeps the failed template": (before, { workload: after }) =>
        changed(before, {
          generation: after?.generation ?? 0,
          observedGeneration: after?.generation ?? 0,
          rolledBack: after?.rolledBack,
        }),
      "admission keeps the whole object, with no sign of the patch": (before) => before,
    };
    for (const [what, admit] of Object.entries(admissions)) {
      it(`sends no second patch for the Incident, which ends in the same pass: ${what}`, async () => {
        const cluster = createFakeCluster({ world: aCrashingRollout(), admit });
        await pass(cluster);
        const [first] = cluster.world?.incidents ?? [];
        expect(first?.status?.phase).to.equal("Superseded");
        expect(first?.status?.message).to.equal(
          "The API server accepted the rollback, but the failed template was applied again in the same request, by an admission webhook.",
        );
        await passToRestAt(cluster, NOW);
        expect(cluster.changes).to.have.length(1);
        const second = cluster.world?.incidents[1]?.status;
        expect([second?.phase, second?.brake?.reason]).to.deep.equal(["Held", "Cooldown"]);
      });
    }
  });

  it("comes to rest with the revision restored, verified and told", async () => {
    const cluster = createFakeCluster({ world: aCrashingRollout() });
    await passToRest(cluster);
    expectRecovered(cluster);
    expect(cluster.events.map(({ reason }) => reason)).to.include("RollingBack");
  });

  it("leaves a status that changes too often to a later pass", async () => {
    const cluster = createFakeCluster({
      world: snapshotOf(aRollout()),
      beforeWrite: (what) => expect.fail(`wrote ${what}`),
    });
    const outcome = await reconcile(KEY, {
      cluster,
      answers: NO_ANSWERS,
      decide,
      clock: { now: () => NOW },
      statusBudget: { take: () => ({ why: "too often", untilAt: NOW + 5_000 }) },
      handOverRetries: new HandOverRetries(),
      missingGuards: new MissingGuards(),
      staleSources: () => undefined,
      onWritten: () => {},
      onNotHandedOver: () => {},
    });
    expect(outcome).to.include({ is: "behind", retryAt: NOW + 5_000 });
  });

  it("writes nothing over a cluster in which nothing changes", async () => {
    const cluster = createFakeCluster({ world: snapshotOf(aRollout()) });
    await passToRest(cluster);
    const writes: string[] = [];
    const later = createFakeCluster({ world: cluster.world, beforeWrite: (what) => writes.push(what) });
    await pass(later);
    expect(writes).to.deep.equal([]);
  });

  it("tells each effect after it was written, with the snapshot it was decided on", async () => {
    const reported: string[] = [];
    const cluster = createFakeCluster({ world: aCrashingRollout() });
    await reconcile(KEY, {
      cluster,
      answers: NO_ANSWERS,
      decide,
      clock: { now: () => NOW },
      statusBudget: new StatusBudget(),
      handOverRetries: new HandOverRetries(),
      missingGuards: new MissingGuards(),
      staleSources: () => undefined,
      onWritten: (snapshot, { type }) => reported.push(`${type} with ${snapshot.incidents.length} Incidents`),
      onNotHandedOver: () => {},
    });
    expect(reported).to.deep.equal([
      "openIncident with 0 Incidents",
      "change with 0 Incidents",
      "updateIncident with 1 Incidents",
      "publishEvent with 1 Incidents",
    ]);
  });

  it("gives no verdict on the past: while a watch is interrupted nothing is written, and it looks again soon", async () => {
    const cluster = createFakeCluster({ world: aCrashingRollout() });
    const outcome = await reconcile(KEY, {
      cluster,
      answers: NO_ANSWERS,
      decide,
      clock: { now: () => NOW },
      statusBudget: new StatusBudget(),
      handOverRetries: new HandOverRetries(),
      missingGuards: new MissingGuards(),
      staleSources: () => "pods",
      onWritten: () => expect.fail("something was written"),
      onNotHandedOver: () => {},
    });
    expect(outcome).to.include({ is: "behind", why: "caches are behind: pods", retryAt: NOW + 2_000 });
    expect(cluster.world?.incidents).to.deep.equal([]);
  });

  it("writes status all the same while a watch is interrupted", async () => {
    const reported: string[] = [];
    await reconcile(KEY, {
      cluster: createFakeCluster({ world: snapshotOf(aRollout()) }),
      answers: NO_ANSWERS,
      decide,
      clock: { now: () => NOW },
      statusBudget: new StatusBudget(),
      handOverRetries: new HandOverRetries(),
      missingGuards: new MissingGuards(),
      staleSources: () => "pods",
      onWritten: (_snapshot, { type }) => reported.push(type),
      onNotHandedOver: () => {},
    });
    expect(reported).to.deep.equal(["updateGuardStatus"]);
  });

  it("asks what an Incident is to record while it reads live, and records it", async () => {
    const order: string[] = [];
    const cluster = createFakeCluster({
      world: aCrashingRollout(withSpec({ evidence: { logs: true } })),
      beforeRead: (world) => {
        order.push("live read");
        return world;
      },
      beforeWrite: (what) => order.push(what),
    });
    const lastWords = { pod: "checkout-1", container: "app", lines: ["no database"] };
    await reconcile(KEY, {
      cluster,
      answers: {
        ...NO_ANSWERS,
        askToRecord: async (_snapshot, questions) => {
          order.push(...questions.map(({ ask }) => ask));
          return { podLog: { at: NOW, value: lastWords } };
        },
      },
      decide,
      clock: { now: () => NOW },
      statusBudget: new StatusBudget(),
      handOverRetries: new HandOverRetries(),
      missingGuards: new MissingGuards(),
      staleSources: () => undefined,
      onWritten: () => {},
      onNotHandedOver: () => {},
    });
    expect(order.slice(0, 4)).to.deep.equal(["live read", "podLog", "openIncident", "change"]);
    expect(cluster.world?.incidents[0]?.spec.lastWords).to.deep.equal(lastWords);
  });

  it("decides on the answers that are known, and says what it wants to know", async () => {
    const known = { podEvents: { at: NOW, value: [] } };
    const wanted: unknown[] = [];
    await reconcile(KEY, {
      cluster: createFakeCluster({ world: snapshotOf(aRollout(withPods(3, unschedulable(NOW)))) }),
      answers: {
        ...NO_ANSWERS,
        known: () => known,
        want: (key, { answers }, questions) => wanted.push([key, answers, questions.map(({ ask }) => ask)]),
      },
      decide,
      clock: { now: () => NOW },
      statusBudget: new StatusBudget(),
      handOverRetries: new HandOverRetries(),
      missingGuards: new MissingGuards(),
      staleSources: () => undefined,
      onWritten: () => {},
      onNotHandedOver: () => {},
    });
    expect(wanted).to.deep.equal([[KEY, known, ["podEvents"]]]);
  });

  describe("handing over what a rollback changed", () => {
    const held = () => changed(snapshotOf(aRollout()), { blocksNextApply: true });
    const refused = new ApiError("PATCH /deployments/checkout", 403, "denied by policy");

    async function passWith(cluster: FakeCluster, handOverRetries = new HandOverRetries(), now = NOW) {
      const failures: string[] = [];
      const outcome = await reconcile(KEY, {
        cluster,
        answers: NO_ANSWERS,
        decide,
        clock: { now: () => now },
        statusBudget: new StatusBudget(),
        handOverRetries,
        missingGuards: new MissingGuards(),
        staleSources: () => undefined,
        onWritten: () => {},
        onNotHandedOver: (_snapshot, { message }) => failures.push(message),
      });
      return { outcome, failures };
    }

    it("is done once", async () => {
      const writes: string[] = [];
      const cluster = createFakeCluster({ world: held(), beforeWrite: (what) => writes.push(what) });
      await passToRest(cluster);
      expect(writes.filter((what) => what === "handOverFields")).to.have.length(1);
      expect(cluster.world?.workload?.blocksNextApply).to.equal(undefined);
    });

    it("does not keep the rest of the pass from being done when it fails, and is tried again", async () => {
      const cluster = createFakeCluster({
        world: held(),
        beforeWrite: (what) => {
          if (what === "handOverFields") throw refused;
        },
      });
      const { outcome, failures } = await passWith(cluster);
      expect(failures.join()).to.contain("hand over the fields").and.to.contain("denied by policy");
      expect(cluster.world?.guard.status.phase).to.equal("Baking");
      assert(outcome.is === "settled");
      expect(outcome.decision.wakeAt).to.be.at.most(NOW + minutes(10));
    });

    it("is tried again after a second when the workload was changed at the same moment", async () => {
      const cluster = createFakeCluster({
        world: held(),
        beforeWrite: (what) => {
          if (what === "handOverFields") throw new ConflictError("changed");
        },
      });
      const { outcome } = await passWith(cluster);
      assert(outcome.is === "settled");
      expect(outcome.decision.wakeAt).to.equal(NOW + seconds(1));
    });

    it("asks the API server no more until then, whatever happens", async () => {
      const tries: string[] = [];
      const cluster = createFakeCluster({
        world: held(),
        beforeWrite: (what) => {
          if (what !== "handOverFields") return;
          tries.push(what);
          throw refused;
        },
      });
      const retries = new HandOverRetries();
      for (const after of [0, 1_000, 60_000, 599_000]) await passWith(cluster, retries, NOW + after);
      expect(tries).to.have.length(1);
      await passWith(cluster, retries, NOW + minutes(10));
      expect(tries).to.have.length(2);
    });
  });

  describe("the second decision", () => {
    const conflicts: Record<string, Pick<FakeClusterOptions, "beforeRead" | "beforeChange">> = {
      "a newer fix was applied": {
        beforeRead: (world) => withTemplate(world, "template of a fix"),
      },
      "somebody went back by hand": {
        beforeRead: (world) => withTemplate(world, GOOD.templateKey),
      },
      "somebody set a veto": {
        beforeRead: (world) => changed(world, { veto: "the database was migrated" }),
      },
      "the ReplicaSet counts more ready pods than the caches know of": {
        beforeRead: (world) => ({
          ...world,
          revisions: world.revisions.map((revision) => ({ ...revision, readyReplicas: 3 })),
        }),
      },
      "the Deployment is another one of the same name": {
        beforeRead: (world) => changed(world, { uid: "uid-of-another" }),
      },
      "the template changes between the second decision and the change": {
        beforeChange: (world) => withTemplate(world, "template of a fix"),
      },
    };
    for (const [what, when] of Object.entries(conflicts)) {
      it(`sends nothing when ${what}`, async () => {
        const cluster = createFakeCluster({ world: aCrashingRollout(), ...when });
        const outcome = await pass(cluster);
        expect(outcome.is).to.equal("conflict");
        expect("why" in outcome && outcome.why)
          .to.be.a("string")
          .and.not.equal("");
        expect(cluster.changes).to.deep.equal([]);
      });
    }

    it("carries out nothing that the first decision did not mean", async () => {
      const acting = { valid: guardSpec({ mode: "Rollback" }) };
      const cluster = createFakeCluster({
        world: aCrashingRollout(withSpec({ mode: "Observe" })),
        beforeRead: (world) => ({ ...world, guard: { ...world.guard, spec: acting } }),
      });
      const outcome = await pass(cluster);
      expect(outcome).to.include({ is: "conflict" });
      expect("why" in outcome && outcome.why).to.contain(`roll back from ${NEW.hash} to ${GOOD.hash}`);
      expect(cluster.changes).to.deep.equal([]);
      expect(cluster.world?.incidents).to.deep.equal([]);
    });

    it("says which act failed when the objects cannot be read", async () => {
      const cluster = createFakeCluster({
        world: aCrashingRollout(),
        beforeRead: () => {
          throw new ApiError("GET deployment", 500, {});
        },
      });
      const failure: unknown = await pass(cluster).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(EffectFailure).with.nested.property("effect.type", "openIncident");
      expect(cluster.world?.incidents).to.deep.equal([]);
    });

    it("records nothing while the ReplicaSet counts more ready pods than the caches know of", async () => {
      const cluster = createFakeCluster({
        world: aCrashingRollout(),
        beforeRead: (world) => ({
          ...world,
          revisions: world.revisions.map((revision) => ({ ...revision, readyReplicas: 3 })),
        }),
      });
      expect((await pass(cluster)).is).to.equal("conflict");
      expect(cluster.world?.incidents).to.deep.equal([]);
    });

    it("leaves a newer fix alone for good, and records nothing of what is over", async () => {
      const cluster = createFakeCluster({
        world: aCrashingRollout(),
        beforeRead: (world) => withTemplate(world, "template of a fix"),
      });
      await passToRest(cluster);
      expect(cluster.changes).to.deep.equal([]);
      expect(cluster.world?.incidents).to.deep.equal([]);
    });

    it("sends the change of the second decision when only the generation is newer", async () => {
      const scaled = (world: Snapshot) => changed(world, { generation: 9, observedGeneration: 9 });
      const cluster = createFakeCluster({ world: aCrashingRollout(), beforeRead: scaled });
      expect((await pass(cluster)).is).to.equal("changed");
      expect(cluster.changes.map(({ expect: { generation } }) => generation)).to.deep.equal([9]);
    });
  });

  describe("after the process died", () => {
    it("reaches the same end with exactly one rollback, whichever write was the last", async () => {
      const written: string[] = [];
      const undisturbed = createFakeCluster({
        world: aCrashingRollout(),
        afterWrite: (what) => written.push(what),
      });
      await passToRest(undisturbed);
      expect(written.length).to.be.greaterThan(4);
      for (let last = 1; last <= written.length; last++) {
        let writes = 0;
        const cluster = createFakeCluster({
          world: aCrashingRollout(),
          afterWrite: () => {
            writes += 1;
            if (writes === last) throw new Error("killed");
          },
        });
        const restarted = await passToRest(cluster).catch(() => passToRest(cluster));
        expect(restarted.effects, `after write ${last}, ${written[last - 1]}`).to.deep.equal([]);
        expectRecovered(cluster);
      }
    });

    it("reaches the same end whichever write the API server refused", async () => {
      for (let refused = 1; refused <= 8; refused++) {
        let writes = 0;
        const cluster = createFakeCluster({
          world: aCrashingRollout(),
          beforeWrite: (what) => {
            writes += 1;
            if (writes === refused) throw new ApiError(what, 500, {});
          },
        });
        await passToRest(cluster).catch(() => passToRest(cluster));
        expectRecovered(cluster);
      }
    });
  });

  it("says that a pause or resume is refused, as it does of a rollback", async () => {
    const refusing = (world: Snapshot) =>
      createFakeCluster({
        world,
        beforeWrite: (what) => {
          if (what === "change") throw new RefusedError("no changes today");
        },
      });
    const fix = withWorkload({ templateKey: "another template" });
    const frozen = snapshotOf(aRollout(frozenFor(NEW), withPods(1), withOldPods(2), fix));
    const outcome = await pass(refusing(frozen));
    assert(outcome.is === "refused");
    expect(outcome.why).to.equal("no changes today");
    expect(outcome.change.do).to.equal("resumeRollout");
    const rollback = await pass(refusing(aCrashingRollout()));
    expect(rollback.is === "refused" && rollback.change.do).to.equal("restoreTemplate");
  });

  it("stops at the first write that fails and says which it was", async () => {
    const message =
      'incidents is forbidden: User "u" cannot create resource "incidents" in API group "rolloutguard.io" in the namespace "shop"';
    const refusal = new ApiError("POST /incidents", 403, { reason: "Forbidden", message });
    const cluster = createFakeCluster({
      world: aCrashingRollout(),
      beforeWrite: () => {
        throw refusal;
      },
    });
    const failure: unknown = await pass(cluster).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(EffectFailure);
    expect(failure).to.have.property("cause", refusal);
    expect(failure)
      .to.have.property("message")
      .that.matches(
        /^cannot open the Incident: .*403 Forbidden.* no permission to create incidents in namespace shop; https:/,
      );
    expect(cluster.changes).to.deep.equal([]);
  });

  it("names what it was about when no decision can be made", async () => {
    const cluster = createFakeCluster({ world: aCrashingRollout() });
    const bug = new TypeError("x is undefined");
    const failure: unknown = await pass(cluster, () => {
      throw bug;
    }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(DecisionFailure).with.property("cause", bug);
    expect(failure).to.have.property("message").that.contains(NEW.source.name).and.contains("shop/checkout");
  });
});

function changed(world: Snapshot, changes: Partial<NonNullable<Snapshot["workload"]>>): Snapshot {
  return { ...world, workload: world.workload && { ...world.workload, ...changes } };
}

function withTemplate(world: Snapshot, templateKey: string): Snapshot {
  const generation = (world.workload?.generation ?? 0) + 1;
  return changed(world, { templateKey, generation, observedGeneration: generation });
}
