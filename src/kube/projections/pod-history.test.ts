import { expect } from "chai";
import type { ContainerView, TerminatedState } from "../../domain/snapshot/pod.ts";
import { aPod, lostReadiness, type PodTrait, regainedReadiness } from "../../domain/testing/a-pod.ts";
import { NEW } from "../../domain/testing/a-revision.ts";
import { later, minutes, seconds, T0 } from "../../domain/testing/instants.ts";
import { firstFailureAt, instabilityOf } from "./pod-history.ts";
import type { TrackedPod } from "./start-failure.ts";

/** The app runs since then, after that many restarts. */
function app(startedAt: number, more: Partial<ContainerView> = {}): readonly ContainerView[] {
  const state = { is: "running", startedAt } as const;
  return [{ name: "app", kind: "app", isReady: true, isStarted: true, restarts: 0, state, ...more }];
}

function end(exitCode: number, finishedAt: number): TerminatedState {
  return { is: "terminated", reason: "", exitCode, startedAt: T0, finishedAt, message: "" };
}

/** A pod that runs and is ready, but for this. */
function tracked(trait: PodTrait = (pod) => pod, more: Partial<TrackedPod> = {}): TrackedPod {
  const { startFailure: _none, ...pod } = trait(aPod(NEW, 0, T0));
  return { ...pod, ...more };
}

/** What is known of a pod after it was seen ready and unready in turn, at these seconds; the first time it is ready. */
function seen(...changes: readonly number[]) {
  let pod = tracked();
  for (const [index, second] of changes.entries()) {
    const isReady = index % 2 === 1;
    const at = later(seconds(second));
    const instability = instabilityOf(pod, isReady, at, app(later(seconds(2))));
    pod = tracked(isReady ? regainedReadiness(at) : lostReadiness(at), { instability });
  }
  return pod.instability;
}

describe("what is known of a pod's unready spans", () => {
  it("is nothing while it stays as it was, or was first seen", () => {
    expect(instabilityOf(undefined, true, T0, app(T0))).to.equal(undefined);
    expect(instabilityOf(undefined, false, T0, app(T0))).to.equal(undefined);
    expect(instabilityOf(tracked(), true, T0, app(T0))).to.equal(undefined);
  });

  it("is how often it lost readiness, and how long it was without in all", () => {
    expect(seen(10)).to.deep.equal({ losses: 1, unreadyMs: 0 });
    expect(seen(10, 25)).to.deep.equal({ losses: 1, unreadyMs: seconds(15) });
    expect(seen(10, 25, 40, 41, 50)).to.deep.equal({ losses: 3, unreadyMs: seconds(16) });
  });

  it("is no span of a pod that becomes ready for the first time", () => {
    const starting = tracked(undefined, { isReady: false, readyChangedAt: T0 });
    expect(instabilityOf(starting, true, later(seconds(9)), app(later(seconds(2))))).to.equal(undefined);
  });

  it("is no span in which a container was started again: that was a crash", () => {
    const stopped = [{ ...app(T0)[0], state: end(1, later(seconds(20))) }] as readonly ContainerView[];
    expect(instabilityOf(tracked(), false, later(seconds(20)), stopped)).to.equal(undefined);
    const lost = tracked(lostReadiness(later(seconds(20))), { instability: { losses: 1, unreadyMs: 0 } });
    const again = instabilityOf(lost, true, later(seconds(60)), app(later(seconds(30))));
    expect(again).to.deep.equal({ losses: 1, unreadyMs: 0 });
  });

  it("is none either where the end and the new start were seen in one look", () => {
    const again = app(later(seconds(21)), { isReady: false, restarts: 1, last: end(1, later(seconds(20))) });
    expect(instabilityOf(tracked(), false, later(seconds(20)), again)).to.equal(undefined);
  });
});

describe("when a container of a pod first failed", () => {
  const shows = (...containers: readonly Partial<ContainerView>[]) =>
    firstFailureAt(
      undefined,
      containers.flatMap((more) => app(T0, more)),
    );

  it("is the first end that its status shows", () => {
    expect(shows({ last: end(1, later(seconds(30))) }, { last: end(1, later(seconds(20))) })).to.equal(
      later(seconds(20)),
    );
    expect(shows({ state: end(0, later(seconds(9))) })).to.equal(later(seconds(9)));
    expect(shows({})).to.equal(undefined);
  });

  it("stays what was seen first: the kubelet keeps only the last end", () => {
    const before = tracked(undefined, { firstFailureAt: later(seconds(5)) });
    const now = app(T0, { last: end(1, later(minutes(9))) });
    expect(firstFailureAt(before, now)).to.equal(later(seconds(5)));
  });

  it("lies back by the kubelet's waits in a pod that is seen for the first time", () => {
    const secondsBack = (restarts: number) =>
      (later(minutes(9)) - (shows({ restarts, last: end(1, later(minutes(9))) }) ?? 0)) / 1_000;
    expect([1, 2, 3, 4, 5, 6, 50].map(secondsBack)).to.deep.equal([0, 0, 10, 30, 70, 150, 310]);
  });

  it("is the first end that was seen of a pod that was well before", () => {
    const ended = app(T0, { restarts: 9, last: end(1, later(minutes(9))) });
    expect(firstFailureAt(tracked(), ended)).to.equal(later(minutes(9)));
  });

  it("is no init container's that is done", () => {
    expect(shows({ kind: "init", state: end(0, later(seconds(3))) })).to.equal(undefined);
    expect(shows({ kind: "init", state: end(1, later(seconds(3))) })).to.equal(later(seconds(3)));
    expect(shows({ kind: "init", state: end(0, later(9)), last: end(1, later(seconds(3))) })).to.equal(
      later(seconds(3)),
    );
  });
});
