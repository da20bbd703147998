import { expect } from "chai";
import {
  aPod,
  backOnNodeAfter,
  containerIs,
  crashed,
  createdAt,
  flapping,
  lostReadiness,
  notReadyYet,
  type PodTrait,
  readyAfter,
  regainedReadiness,
  runningSince,
  waitsFor,
  waitsForGate,
} from "../testing/a-pod.ts";
import { GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { extraContainer, startupProbe } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, changing, withOldPods, withPods, withReferences, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes, seconds, T0 } from "../testing/instants.ts";
import { aFirstRollout, aRollout, aSettledWorkload, type Fact, ledger } from "../testing/scene.ts";
import {
  longestStartOf,
  lostReadinessAt,
  runningSince as runsSince,
  startTimeMs,
  timeToReadyMs,
} from "./start-times.ts";

const nothing = ledger(remembered(GOOD, "Good", earlier(minutes(50))));
const starting = withPods(3, notReadyYet);
const startIn = (...facts: readonly Fact[]) => startTimeMs(rolloutIn(aRollout(nothing, starting, ...facts)));
const took = (secondsToReady: number) =>
  ledger(remembered(GOOD, "Good", earlier(minutes(50)), { secondsToReady }));
const podOf = (...traits: readonly PodTrait[]) => aPod(NEW, 0, T0, traits);

describe("how long a start takes, startTimeMs", () => {
  it("is what is remembered of the good revision's rollout, before what its pods show now", () => {
    expect(startIn(took(70))).to.equal(seconds(70));
    expect(startIn(took(70), withOldPods(3, readyAfter(seconds(200))))).to.equal(seconds(70));
  });

  it("is the median of its pods where nothing is remembered: one that flapped once is no start", () => {
    const one: Fact = (scene) => ({
      ...scene,
      oldPods: [2, 5, 300].map((second, index) =>
        aPod(GOOD, index, GOOD.createdAt, [readyAfter(seconds(second))]),
      ),
    });
    expect(startIn(one)).to.equal(seconds(5));
  });

  it("is that of this revision's own pods where they took longer, and of a first release's", () => {
    const own = withPods(3, readyAfter(seconds(40)));
    expect(startIn(took(30), own)).to.equal(seconds(40));
    expect(startTimeMs(rolloutIn(aFirstRollout(own)))).to.equal(seconds(40));
  });

  it("is not learnt from pods that lost readiness since, were restarted, or came back with their node", () => {
    const traits: readonly (readonly PodTrait[])[] = [
      [readyAfter(seconds(200)), flapping(1, seconds(20))],
      [readyAfter(seconds(200)), containerIs("app", { restarts: 1 })],
      [regainedReadiness(later(seconds(30)))],
      [notReadyYet],
    ];
    for (const own of traits) expect(startIn(withOldPods(3, ...own))).to.equal(0);
  });

  it("is at most half an hour of what is remembered, unless the deadline or a startup probe allows more", () => {
    expect(startIn(took(720))).to.equal(seconds(720));
    expect(startIn(took(2_000))).to.equal(0);
    expect(startIn(took(2_000), withWorkload({ progressDeadlineSeconds: 2_400 }))).to.equal(seconds(2_000));
    const slow = withReferences(startupProbe({ periodMs: seconds(10), failureThreshold: 240 }));
    expect(startIn(slow, took(2_000))).to.equal(seconds(2_000));
    expect(startIn(slow, took(3_000))).to.equal(0);
  });

  it("is not longer than the Deployment's own deadline where nobody has seen the start", () => {
    const old = withOldPods(3, readyAfter(seconds(400)));
    expect(startIn(old)).to.equal(seconds(400));
    expect(startIn(old, withWorkload({ progressDeadlineSeconds: 300 }))).to.equal(0);
  });
});

describe("what is remembered of the starts of a complete revision, longestStartOf", () => {
  const startOf = (...facts: readonly Fact[]) => longestStartOf(rolloutIn(aSettledWorkload(...facts)));
  const late = earlier(minutes(30));

  it("is the longest of its pods, also of those that started when nobody watched", () => {
    expect(startOf()).to.equal(seconds(3));
    expect(startOf(withPods(2), andPods(1, readyAfter(seconds(50))))).to.equal(seconds(50));
  });

  it("is not that of a pod that became ready again long after the rollout was complete", () => {
    expect(startOf(withPods(2), andPods(1, regainedReadiness(late)))).to.equal(seconds(3));
    expect(startOf(withPods(3, regainedReadiness(late)))).to.equal(undefined);
  });

  it("is that of pods that were made later where no other is left", () => {
    expect(startOf(withPods(3, createdAt(late)))).to.equal(seconds(3));
  });
});

describe("timeToReadyMs", () => {
  it("is from the start of the last container to ready", () => {
    expect(timeToReadyMs(podOf(readyAfter(seconds(9))))).to.equal(seconds(9));
    expect(timeToReadyMs(podOf(runningSince(later(seconds(4))), readyAfter(seconds(9))))).to.equal(
      seconds(7),
    );
  });

  it("is unknown of a pod that is not ready, or was restarted", () => {
    expect(timeToReadyMs(podOf(notReadyYet))).to.equal(undefined);
    expect(timeToReadyMs(podOf(containerIs("app", { restarts: 1 })))).to.equal(undefined);
  });

  it("goes by the containers' readiness, not by the return of a lost node", () => {
    expect(timeToReadyMs(podOf(backOnNodeAfter(minutes(8))))).to.equal(seconds(3));
  });

  it("goes by the pod's where a readiness gate comes after the containers", () => {
    const gated: PodTrait = (pod) => ({
      ...pod,
      hasReadinessGates: true,
      readyChangedAt: later(seconds(62)),
    });
    expect(timeToReadyMs(podOf(gated))).to.equal(seconds(60));
  });

  it("is never less than nothing: clocks of nodes differ", () => {
    expect(timeToReadyMs(podOf(runningSince(later(seconds(9)))))).to.equal(0);
  });
});

describe("lostReadinessAt", () => {
  it("is when a pod stopped being ready whose containers run on", () => {
    expect(lostReadinessAt(podOf(lostReadiness(later(seconds(40)))))).to.equal(later(seconds(40)));
  });

  it("is nothing for a pod that is ready, never was, was restarted since, or does not run", () => {
    const traits: readonly (readonly PodTrait[])[] = [
      [],
      [notReadyYet],
      [lostReadiness(later(seconds(40))), runningSince(later(seconds(41)))],
      [lostReadiness(later(seconds(40))), crashed({ restarts: 1 })],
      [waitsFor("ContainerCreating")],
    ];
    for (const own of traits) expect(lostReadinessAt(podOf(...own))).to.equal(undefined);
  });
});

describe("runningSince", () => {
  it("is since the last of the containers runs, init containers aside", () => {
    const { current } = changing(
      extraContainer("migrate", "init"),
      extraContainer("proxy", "sidecar"),
    )(aRollout());
    const own = (...traits: readonly PodTrait[]) => aPod(current, 0, T0, traits);
    expect(runsSince(own())).to.equal(later(seconds(2)));
    const late = containerIs("proxy", { state: { is: "running", startedAt: later(seconds(9)) } });
    expect(runsSince(own(late))).to.equal(later(seconds(9)));
    expect(runsSince(own(waitsFor("PodInitializing")))).to.equal(undefined);
  });

  it("does not ask whether they are ready", () => {
    expect(runsSince(podOf(waitsForGate))).to.equal(later(seconds(2)));
    expect(runsSince(podOf(notReadyYet))).to.equal(later(seconds(2)));
  });
});
