import { expect } from "chai";
import type { ContainerState, ContainerStatus, Pod } from "../../kinds.ts";
import { podSummary, readinessGates } from "./pod-columns.ts";

const NOW = Date.parse("2026-01-01T01:00:00Z");
const running: ContainerState = { running: { startedAt: "2026-01-01T00:00:00Z" } };

function container(
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus {
  const ready = state.running !== undefined;
  return { name, state, lastState: {}, ready, restartCount: 0, image: "", imageID: "", ...more };
}

function pod(
  containers: readonly ContainerStatus[],
  init: readonly ContainerStatus[] = [],
  more: { spec?: object; status?: object; metadata?: object } = {},
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web-1", ...more.metadata },
    spec: {
      containers: containers.map(({ name }) => ({ name, image: "" })),
      initContainers: init.map(({ name, started }) => ({
        name,
        image: "",
        ...(started !== undefined && { restartPolicy: "Always" }),
      })),
      ...more.spec,
    },
    status: { phase: "Running", containerStatuses: containers, initContainerStatuses: init, ...more.status },
  } as unknown as Pod;
}

const terminated = (
  reason: string,
  exitCode: number,
  finishedAt = "2026-01-01T00:59:30Z",
): ContainerState => ({
  terminated: { reason, exitCode, startedAt: null, finishedAt },
});

describe("podSummary", () => {
  it("shows a pod that runs", () => {
    expect(podSummary(pod([container("app", running)]), NOW)).to.deep.equal({
      ready: "1/1",
      state: "Running",
      restarts: "0",
    });
  });

  it("names the reason of a container that waits, and when the last one ended", () => {
    const crashing = container(
      "app",
      { waiting: { reason: "CrashLoopBackOff" } },
      { restartCount: 3, lastState: terminated("Error", 1) },
    );
    expect(podSummary(pod([crashing, container("log", running)]), NOW)).to.deep.equal({
      ready: "1/2",
      state: "CrashLoopBackOff",
      restarts: "3 (30s ago)",
    });
  });

  it("shows which init container is at work, or why it does not get on", () => {
    const waiting = { status: { phase: "Pending" } };
    const app = container("app", { waiting: { reason: "PodInitializing" } });
    const done = container("one", terminated("Completed", 0));
    const state = (init: ContainerStatus) => podSummary(pod([app], [done, init], waiting), NOW).state;
    expect(state(container("two", running))).to.equal("Init:1/2");
    expect(state(container("two", { waiting: { reason: "ErrImagePull" } }))).to.equal("Init:ErrImagePull");
    expect(state(container("two", terminated("", 3)))).to.equal("Init:ExitCode:3");
  });

  it("counts sidecars as containers", () => {
    const sidecar = container("proxy", running, { started: true, restartCount: 1 });
    const summary = podSummary(pod([container("app", running)], [sidecar]), NOW);
    expect(summary).to.deep.equal({ ready: "2/2", state: "Running", restarts: "1" });
  });

  it("says Terminating of a pod that is being deleted, unless its end is known or its node is lost", () => {
    const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    const state = (status: object) =>
      podSummary(pod([container("app", running)], [], { metadata, status }), NOW).state;
    expect(state({})).to.equal("Terminating");
    expect(state({ reason: "NodeLost" })).to.equal("Unknown");
    expect(state({ phase: "Failed", reason: "Evicted", containerStatuses: [] })).to.equal("Evicted");
  });

  it("says what became of containers that have ended, as long as none runs on", () => {
    const done = container("job", terminated("Completed", 0));
    expect(podSummary(pod([done], [], { status: { phase: "Succeeded" } }), NOW).state).to.equal("Completed");
    expect(podSummary(pod([done, container("app", running)]), NOW).state).to.equal("NotReady");
  });
});

describe("readinessGates", () => {
  it("counts the gates whose conditions are true", () => {
    const gates = [{ conditionType: "a" }, { conditionType: "b" }];
    const conditions = [{ type: "a", status: "True" }];
    const gated = pod([], [], { spec: { readinessGates: gates }, status: { conditions } });
    expect(readinessGates(gated)).to.equal("1/2");
    expect(readinessGates(pod([]))).to.equal("<none>");
  });
});
