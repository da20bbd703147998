import { assert, expect } from "chai";
import type { RefusedPause } from "../snapshot/surroundings.ts";
import { crashed, imageMissing, readyAfter } from "../testing/a-pod.ts";
import { aRefusedPause } from "../testing/a-refused-pause.ts";
import { aRevision, GOOD, NEW } from "../testing/a-revision.ts";
import { anIncident, anUndo } from "../testing/an-incident.ts";
import {
  decisionIn,
  effectsOf,
  expectRollback,
  incidentAfter,
  statusAfter,
} from "../testing/expect-decision.ts";
import {
  frozenFor,
  notingFreeze,
  withGuard,
  withIncidents,
  withOldPods,
  withPods,
  withSpec,
  withStatus,
  withSurroundings,
  withWorkload,
} from "../testing/facts.ts";
import { later, minutes, seconds, written } from "../testing/instants.ts";
import { aRestoredWorkload, aRollout, at, type Fact, type Scene } from "../testing/scene.ts";

const refused = (facts: Partial<RefusedPause> = {}) =>
  withSurroundings({ refusedPause: aRefusedPause(facts) });
const refusedPause = refused({ do: "pauseRollout" });
const frozen = frozenFor(NEW);
const pausing = notingFreeze({ state: "Pausing" });
/** Its workload cannot be read any more. */
const unread = { resource: "deployments", need: "workload", why: "deployments is forbidden" } as const;

/** The first new pod has crashed once, and two old pods serve. */
function crashedOnce(...facts: readonly Fact[]): Scene {
  return aRollout(
    at(seconds(8)),
    withWorkload({ maxUnavailable: 1 }),
    withPods(1, crashed({ restarts: 1 })),
    withOldPods(2),
    ...facts,
  );
}

const changesIn = (scene: Scene) => effectsOf(decisionIn(scene), "change").map(({ change }) => change.do);
const readyIn = (scene: Scene) => statusAfter(scene).conditions?.find(({ type }) => type === "Ready");

describe("the end of a pause that the API server refuses", () => {
  const ends: Readonly<Record<string, Fact>> = {
    "of a rollout that is not suspicious any more": withPods(1, readyAfter(seconds(3))),
    "after which another template waits": withWorkload({ templateKey: "another template" }),
    "while the old template runs again": (scene) => ({ ...scene, current: GOOD, others: [NEW] }),
    "of a guard that only observes from now on": withSpec({ mode: "Observe" }),
    "of a guard whose spec is not valid any more": withGuard({ spec: { invalid: "spec.bakeTime: no" } }),
    "that a person has resumed": withWorkload({ isPaused: false }),
  };
  for (const [which, fact] of Object.entries(ends)) {
    it(`is not sent until its time, and then again: one ${which}`, () => {
      const scene = crashedOnce(frozen, fact);
      expect(changesIn(scene)).to.deep.equal(["resumeRollout"]);
      const waiting = crashedOnce(frozen, fact, refused());
      expect(changesIn(waiting)).to.deep.equal([]);
      expect(decisionIn(waiting).wakeAt).to.be.at.most(later(minutes(1)));
      expect(changesIn({ ...waiting, now: later(minutes(1)) })).to.deep.equal(["resumeRollout"]);
    });
  }

  it("is sent again at once when somebody has changed the Deployment", () => {
    const fix = withWorkload({ templateKey: "another template", generation: 5, observedGeneration: 5 });
    expect(changesIn(crashedOnce(frozen, fix, refused()))).to.deep.equal(["resumeRollout"]);
    const another = refused({ uid: "another" });
    expect(changesIn(crashedOnce(frozen, withPods(1, readyAfter(seconds(3))), another))).to.deep.equal([
      "resumeRollout",
    ]);
  });

  it("is said by the guard, with the command for a person and the API server's words, and in one Event", () => {
    const scene = crashedOnce(frozen, withSpec({ mode: "Observe" }), refused());
    const ready = readyIn(scene);
    expect(ready).to.include({ status: "False", reason: "Refused" });
    expect(ready?.message).to.equal(
      "The API server refuses to resume the Deployment, which RolloutGuard paused; RolloutGuard retries it. To resume it now: kubectl rollout resume deployment/checkout -n shop. The API server says: 403 Forbidden: exceeded quota: writes",
    );
    const events = (one: Scene) => effectsOf(decisionIn(one), "publishEvent").map(({ event }) => event);
    expect(events(scene).filter(({ reason }) => reason === "Refused")).to.deep.equal([
      { on: "RolloutGuard", type: "Warning", reason: "Refused", message: ready?.message },
    ]);
    assert(ready);
    expect(
      events(
        crashedOnce(frozen, withSpec({ mode: "Observe" }), withStatus({ conditions: [ready] }), refused()),
      ),
    ).to.deep.equal([]);
  });

  it("names what is left when a person has resumed it: the annotation", () => {
    const message = readyIn(crashedOnce(frozen, withWorkload({ isPaused: false }), refused()))?.message;
    expect(message)
      .to.contain("kubectl annotate deployment/checkout -n shop rolloutguard.io/paused-for-revision-")
      .and.not.contain("rollout resume");
  });

  it("keeps nothing else from being decided: an old Incident ends when the fix has shipped", () => {
    const fixed = aRevision("6c9d7f8b55", 3);
    const held = anIncident({ phase: "Held", detectedAt: later(seconds(1)) });
    const scene: Scene = {
      ...crashedOnce(frozen, withIncidents(held), refused()),
      current: fixed,
      others: [NEW, GOOD],
    };
    const left: Fact = withWorkload({ isPaused: false });
    const { status } = effectsOf(decisionIn(left(scene)), "updateIncident")[0] ?? {};
    expect(status?.phase).to.equal("Superseded");
  });

  it("does not delay the rollback", () => {
    const failing = [withPods(1, crashed({ restarts: 3 })), at(minutes(2.9))];
    expectRollback(crashedOnce(frozen, ...failing, refused({ retryAt: later(minutes(5)) })), GOOD);
  });

  it("leaves it to the guard to say what cannot be read, also before it was refused", () => {
    for (const known of [refused(), withSurroundings({})]) {
      const scene = crashedOnce(frozen, withWorkload({ templateKey: "another template" }), known);
      const blind = withSurroundings({ unread: [unread] })(scene);
      expect(changesIn(blind)).to.deep.equal([]);
      expect(readyIn(blind)?.reason).to.equal("CannotRead");
      expect(effectsOf(decisionIn(blind), "publishEvent")).to.deep.equal([]);
    }
  });
});

describe("a pause that the API server refuses", () => {
  it("is not sent until its time, and everything else is decided", () => {
    expect(changesIn(crashedOnce(pausing))).to.deep.equal(["pauseRollout"]);
    const scene = crashedOnce(pausing, refusedPause);
    expect(changesIn(scene)).to.deep.equal([]);
    expect(decisionIn(scene)).to.include({ phase: "Progressing", reason: "RolloutProgressing" });
    expect(statusAfter(scene).freeze?.state).to.equal("Pausing");
    const soon = refused({ do: "pauseRollout", retryAt: later(seconds(12)) });
    expect(changesIn(crashedOnce(pausing, soon, at(seconds(12))))).to.deep.equal(["pauseRollout"]);
  });

  it("does not delay the rollback", () => {
    const failing = [withPods(1, crashed({ restarts: 3 })), at(minutes(2.9))];
    const meant = notingFreeze({ state: "Pausing", since: written(later(minutes(2.8))) });
    const waiting = refused({ do: "pauseRollout", retryAt: later(minutes(5)) });
    expectRollback(crashedOnce(meant, ...failing, waiting), GOOD);
  });

  it("is said by the guard with the command for a person, as long as it is wanted", () => {
    const ready = readyIn(crashedOnce(pausing, refusedPause));
    expect(ready).to.include({ status: "False", reason: "Refused" });
    expect(ready?.message)
      .to.contain("kubectl rollout pause deployment/checkout -n shop")
      .and.contain("quota");
    const over = crashedOnce(pausing, refusedPause, withPods(1, readyAfter(seconds(3))));
    expect(
      statusAfter(statusWritten(over)).conditions?.find(({ type }) => type === "Ready")?.reason,
    ).to.equal("Watching");
  });

  it("lets a rollback that cannot start end after a minute", () => {
    const sentAt = later(minutes(1));
    const verifying = anIncident({ phase: "Verifying", sentAt, generation: 4 });
    const { status } = verifying;
    assert(status);
    const step = { ...anUndo(sentAt), action: "Freeze" as const, startedAt: written(later(minutes(9.9))) };
    const meant = { ...verifying, status: { ...status, steps: [...(status.steps ?? []), step] } };
    const scene = (...facts: readonly Fact[]) =>
      aRestoredWorkload(
        at(minutes(10)),
        withPods(1, imageMissing(later(seconds(62)))),
        withOldPods(2),
        withIncidents(meant),
        refused({ do: "pauseRollout", of: meant.name, retryAt: later(minutes(10.2)) }),
        ...facts,
      );
    expect(changesIn(scene())).to.deep.equal([]);
    expect(decisionIn(scene()).wakeAt).to.equal(later(minutes(10.2)));
    expect(changesIn(scene(at(minutes(10.2))))).to.deep.equal(["pauseRollout"]);
    expect(incidentAfter(scene(at(minutes(11))), meant.name).phase).to.equal("NotRecovered");
  });
});

/** The scene with the status that the decision in it writes. */
function statusWritten(scene: Scene): Scene {
  return { ...scene, guard: { ...scene.guard, status: statusAfter(scene) } };
}
