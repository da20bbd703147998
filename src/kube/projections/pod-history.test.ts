import { expect } from "chai";
import type { ContainerView, TerminatedState } from "../../domain/snapshot/pod.ts";
import { firstFailureAt } from "./pod-history.ts";
import type { TrackedPod } from "./start-trouble.ts";

const ENDED_AT = 1_000_000;

const END: TerminatedState = {
  is: "terminated",
  reason: "Error",
  exitCode: 1,
  startedAt: ENDED_AT - 1_000,
  finishedAt: ENDED_AT,
  message: "",
};

function container(restarts: number, more: Partial<ContainerView> = {}): ContainerView {
  const state = { is: "running", startedAt: ENDED_AT + 1_000 } as const;
  return { name: "app", kind: "app", isReady: false, isStarted: true, restarts, state, last: END, ...more };
}

describe("firstFailureAt", () => {
  it("is the first end that was observed, and stays it", () => {
    const healthy = { firstFailureAt: undefined } as TrackedPod;
    expect(firstFailureAt(healthy, [container(1)])).to.equal(ENDED_AT);
    expect(firstFailureAt({ firstFailureAt: 5 } as TrackedPod, [container(9)])).to.equal(5);
  });

  it("lies back by the kubelet's waits in a pod that is seen for the first time", () => {
    const secondsBack = (restarts: number) =>
      (ENDED_AT - (firstFailureAt(undefined, [container(restarts)]) ?? 0)) / 1_000;
    expect([1, 2, 3, 4, 5, 6, 50].map(secondsBack)).to.deep.equal([0, 0, 10, 30, 70, 150, 310]);
  });

  it("is none where nothing but init containers ended, with 0", () => {
    const done = container(0, { kind: "init", state: { ...END, exitCode: 0 }, last: undefined });
    expect(firstFailureAt(undefined, [done, container(0, { last: undefined })])).to.equal(undefined);
  });
});
