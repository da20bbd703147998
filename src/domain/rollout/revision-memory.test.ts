import { expect } from "chai";
import {
  aPod,
  containerIs,
  crashed,
  createdAt,
  flapping,
  lostReadiness,
  notReadyYet,
  type PodTrait,
  runningAgain,
} from "../testing/a-pod.ts";
import { GOOD } from "../testing/a-revision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, wanting, withOldPods, withOthers, withPods, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aSettledWorkload, type Fact } from "../testing/scene.ts";
import { memoryOf } from "./revision-memory.ts";

/** What is remembered of the revision that has run for an hour. */
function memoryIn(...facts: readonly Fact[]) {
  const scene = aSettledWorkload(...facts);
  return memoryOf(rolloutIn(scene), scene.now);
}

/** Its app ended so often, the last time so long after it was made, and runs since. */
const endedUntil =
  (restarts: number, afterMs: number): PodTrait =>
  (pod) =>
    containerIs("app", {
      restarts,
      state: { is: "running", startedAt: pod.createdAt + afterMs + 1_000 },
      last: {
        is: "terminated",
        reason: "Error",
        exitCode: 1,
        startedAt: pod.createdAt + afterMs - 1_000,
        finishedAt: pod.createdAt + afterMs,
        message: "",
      },
    })(pod);

describe("what the guard remembers of how a revision is", () => {
  it("is nothing odd where all pods are ready and none fails", () => {
    expect(memoryIn()).to.deep.equal({});
  });

  describe("its share of ready pods", () => {
    it("is that of active and passive pods, in steps of 5 %", () => {
      expect(memoryIn(withPods(1), andPods(2, notReadyYet))).to.deep.equal({ readyPercent: 35 });
      const many = [wanting(20), withPods(19), andPods(1, notReadyYet)];
      expect(memoryIn(...many)).to.deep.equal({ readyPercent: 95 });
      expect(memoryIn(wanting(50), withPods(49), andPods(1, notReadyYet))).to.deep.equal({});
    });

    it("is that of pods that lose readiness again and again: the time in which they had it", () => {
      // 61 minutes, of which they were ready for all but 15.
      expect(memoryIn(withPods(3, flapping(9, minutes(15))))).to.deep.equal({ readyPercent: 75 });
    });

    it("does not count fewer than three spells, which are accidents", () => {
      expect(memoryIn(withPods(3, flapping(2, minutes(15))))).to.deep.equal({});
      expect(memoryIn(withPods(2), andPods(1, lostReadiness(later(0))))).to.deep.equal({});
    });
  });

  describe("its failures", () => {
    it("are counted by the hour and the pod, of workers that end when their work is done", () => {
      const memory = memoryIn(withPods(3, runningAgain(12, later(seconds(50)))));
      expect(memory).to.deep.equal({ failuresPerHour: 12 });
    });

    it("are those of starts where they all came in the first third of a life that is steady since", () => {
      expect(memoryIn(withPods(3, endedUntil(5, minutes(4))))).to.deep.equal({ failedStarts: 5 });
      const one = [withPods(2), andPods(1, endedUntil(5, minutes(4)))];
      expect(memoryIn(...one)).to.deep.equal({ failedStarts: 5 });
    });

    it("say nothing of a rate in the first five minutes", () => {
      const young = createdAt(later(-minutes(3)));
      expect(memoryIn(withPods(3, young, runningAgain(3, later(seconds(50)))))).to.deep.equal({});
    });
  });

  describe("is not known", () => {
    it("while old pods are left, pods are missing, or none is ready", () => {
      expect(memoryIn(withOthers(GOOD), withOldPods(1), withWorkload({ replicas: 4 }))).to.equal(undefined);
      expect(memoryIn(withPods(2))).to.equal(undefined);
      expect(memoryIn(withPods(3, notReadyYet))).to.equal(undefined);
      expect(memoryIn(withPods(3, crashed({ restarts: 9 })))).to.equal(undefined);
    });

    it("while a pod is younger than three minutes: it is still starting", () => {
      const young: Fact = (scene) => ({
        ...scene,
        pods: [0, 1, 2].map((index) =>
          aPod(scene.current, index, index === 0 ? scene.now - seconds(179) : earlier(minutes(60))),
        ),
      });
      expect(memoryIn(young)).to.equal(undefined);
    });

    it("while its controller has not seen its present spec", () => {
      expect(memoryIn(withWorkload({ generation: 9 }))).to.equal(undefined);
    });
  });
});
