import { expect } from "chai";
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import {
  aPod,
  backOnNodeAfter,
  crashed,
  createdAt,
  lostReadiness,
  notReadyYet,
  onLostNode,
  type PodTrait,
  regainedReadiness,
  runningAgain,
} from "../testing/a-pod.ts";
import { GOOD, remembered } from "../testing/a-revision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import {
  andPods,
  andService,
  completedAfter,
  wanting,
  withOldPods,
  withPods,
  withService,
  withStatus,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, type Fact, ledger } from "../testing/scene.ts";
import { disturbedAt, isServing, lackingServices, servingSince } from "./serving.ts";

const complete = completedAfter(seconds(10));
const was = (memory: Partial<LedgerEntry>) => ledger(remembered(GOOD, "Good", earlier(minutes(50)), memory));
const inRollout = (...facts: readonly Fact[]) => rolloutIn(aRollout(complete, ...facts));

describe("a revision serves", () => {
  it("with all pods available and the endpoints of its Services", () => {
    expect(isServing(inRollout())).to.equal(true);
    expect(isServing(inRollout(withPods(2), andPods(1, notReadyYet)))).to.equal(false);
    expect(isServing(inRollout(withOldPods(1)))).to.equal(false);
    expect(isServing(inRollout(withService({ readyEndpoints: 0 })))).to.equal(false);
  });

  it("with as many pods as the good revision had available, by design", () => {
    const leader = [
      was({ readyPercent: 35 }),
      withPods(1),
      andPods(2, notReadyYet),
      withStatus({ services: [{ name: "checkout", endpoints: 1 }] }),
    ];
    expect(isServing(inRollout(...leader))).to.equal(true);
    expect(isServing(inRollout(...leader, was({})))).to.equal(false);
  });
});

describe("Services that lack endpoints", () => {
  const lacking = (...facts: readonly Fact[]) => lackingServices(inRollout(...facts)).map(({ name }) => name);

  it("have none, or fewer than half of what they had", () => {
    expect(lacking()).to.deep.equal([]);
    expect(lacking(withService({ readyEndpoints: 2 }))).to.deep.equal([]);
    expect(lacking(withService({ readyEndpoints: 1 }))).to.deep.equal(["checkout"]);
    expect(lacking(withService({ readyEndpoints: 0 }))).to.deep.equal(["checkout"]);
  });

  it("are measured by what is wanted now", () => {
    expect(lacking(wanting(1), withPods(1), withService({ readyEndpoints: 1 }))).to.deep.equal([]);
  });

  it("are none that never served", () => {
    const metrics = andService("metrics", { selector: { app: "checkout" }, readyEndpoints: 0 });
    expect(lacking(metrics)).to.deep.equal([]);
  });
});

describe("since when a restored revision serves", () => {
  const SENT_AT = later(minutes(1));
  const since = (...facts: readonly Fact[]) =>
    servingSince(rolloutIn(aRollout(...facts, at(minutes(5)))), SENT_AT);
  const ready = (count: number, at: number) => [withPods(count, regainedReadiness(at))];

  it("is since it was sent where it has served all along", () => {
    expect(since()).to.equal(SENT_AT);
  });

  it("is since enough of its pods are ready: all that are wanted but maxUnavailable", () => {
    const readyAts = [70, 80, 90, 100].map(seconds);
    const four: Fact = (scene) => ({
      ...scene,
      pods: readyAts.map((ms, index) =>
        aPod(scene.current, index, scene.current.createdAt, [regainedReadiness(later(ms))]),
      ),
    });
    const keeps = (maxUnavailable: number) => [wanting(4), four, withWorkload({ maxUnavailable })];
    expect(since(...keeps(0))).to.equal(later(seconds(100)));
    expect(since(...keeps(1))).to.equal(later(seconds(90)));
    expect(since(...keeps(4))).to.equal(later(seconds(70)));
  });

  it("counts the pods by which somebody scales up while it is verified", () => {
    const five = [complete, wanting(5), withPods(3), andPods(2, createdAt(later(seconds(60))))];
    expect(since(...five, withService({ readyEndpoints: 5 }))).to.be.a("number");
    expect(since(...five.slice(0, 3), withService({ readyEndpoints: 3 }))).to.equal(undefined);
  });

  it("asks for all of them with Recreate, whose maxUnavailable is all", () => {
    const recreate = withWorkload({ strategy: "Recreate", maxUnavailable: 3 });
    expect(since(recreate, withPods(2), andPods(1, notReadyYet))).to.equal(undefined);
    expect(since(recreate)).to.equal(SENT_AT);
  });

  it("is since its Services have an endpoint again", () => {
    const back = withService({
      changes: [
        { at: earlier(minutes(1)), ready: 3 },
        { at: later(seconds(70)), ready: 0 },
        { at: later(seconds(95)), ready: 1 },
        { at: later(seconds(99)), ready: 3 },
      ],
    });
    expect(since(back)).to.equal(later(seconds(95)));
  });

  it("is not yet while there are too few pods or endpoints, or its controller has not seen it", () => {
    for (const facts of [
      [withPods(2), andPods(1, notReadyYet)],
      [withService({ readyEndpoints: 0 })],
      [withService({ readyEndpoints: 1 })],
      [withWorkload({ generation: 9 })],
    ]) {
      expect(since(...facts)).to.equal(undefined);
    }
  });

  it("is since it was sent where nothing is wanted and nothing is left", () => {
    expect(since(wanting(0), withPods(0), withOldPods(0))).to.equal(SENT_AT);
    expect(since(wanting(0), withPods(0), withOldPods(1))).to.equal(undefined);
  });

  it("needs one pod at least, however few the good revision had ready", () => {
    expect(since(...ready(3, later(seconds(80))), was({ readyPercent: 0 }))).to.equal(later(seconds(80)));
    expect(since(withPods(3, notReadyYet), was({ readyPercent: 0 }))).to.equal(undefined);
  });
});

describe("when half of the pods last showed a sign of trouble after completion", () => {
  const disturbed = (...facts: readonly Fact[]) =>
    disturbedAt(rolloutIn(aRollout(complete, ...facts, at(minutes(9)))));
  const some = (count: number, trait: PodTrait) => [withPods(3 - count), andPods(count, trait)];

  it("is when a container of them ended, or they became ready again", () => {
    const restarted = runningAgain(1, later(minutes(4)));
    expect(disturbed(...some(2, restarted))).to.equal(later(minutes(4)) - seconds(1));
    expect(disturbed(...some(2, regainedReadiness(later(minutes(3)))))).to.equal(later(minutes(3)));
  });

  it("is when they lost readiness, though the Deployment still calls them available", () => {
    expect(disturbed(...some(2, lostReadiness(later(minutes(3)))))).to.equal(later(minutes(3)));
    expect(disturbed(...some(1, lostReadiness(later(minutes(3)))))).to.equal(0);
  });

  it("is never when fewer than half of them did", () => {
    expect(disturbed()).to.equal(0);
    expect(disturbed(...some(1, runningAgain(1, later(minutes(4)))))).to.equal(0);
  });

  it("is not from before completion, and never before it", () => {
    expect(disturbed(...some(3, crashed({ restarts: 1, at: later(seconds(9)) })))).to.equal(0);
    const rolling = aRollout(withPods(1), andPods(1, crashed({ restarts: 1 })), wanting(5));
    expect(disturbedAt(rolloutIn(rolling))).to.equal(0);
  });

  it("is not what the good revision showed too", () => {
    const restarted = some(3, runningAgain(1, later(minutes(4))));
    expect(disturbed(was({ failuresPerHour: 3 }), ...restarted)).to.equal(0);
    const unready = some(3, regainedReadiness(later(minutes(4))));
    expect(disturbed(was({ readyPercent: 85 }), ...unready)).to.equal(0);
    expect(disturbed(was({ readyPercent: 85 }), ...restarted)).to.be.above(0);
  });

  it("is not the return of a lost node, nor the start of a pod that was made later", () => {
    expect(disturbed(...some(3, backOnNodeAfter(minutes(4))))).to.equal(0);
    expect(disturbed(...some(3, onLostNode(later(minutes(4)))))).to.equal(0);
    expect(disturbed(withPods(3, createdAt(later(minutes(4)))))).to.equal(0);
  });
});
