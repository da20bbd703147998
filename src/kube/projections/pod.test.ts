import { expect } from "chai";
import { CREATED_AT, RUNNING, rawPod, waiting } from "../testing/raw-objects.ts";
import { projectPod } from "./pod.ts";
import type { TrackedPod } from "./start-failure.ts";

type Containers = readonly object[];

/** The pod after it showed these container statuses, one after the other, a second apart. */
function podAfter(...history: readonly Containers[]): TrackedPod {
  let pod: TrackedPod | undefined;
  for (const [second, containers] of history.entries()) {
    pod = projectPod(
      rawPod("p", "rs", { containers, status: { phase: "Pending" } }),
      "uid-rs",
      pod,
      CREATED_AT + second * 1_000,
    );
  }
  if (pod === undefined) throw new Error("the history is empty");
  return pod;
}

const project = (more: Parameters<typeof rawPod>[2]) =>
  projectPod(rawPod("p", "rs", more), "uid-rs", undefined, CREATED_AT);

const secondsOf = (pod: TrackedPod) => pod.startFailure && (pod.startFailure.sinceAt - CREATED_AT) / 1_000;

describe("projectPod", () => {
  it("lets nothing begin before the pod was created, whatever a kubelet's clock says", () => {
    const early = { ...RUNNING, state: { running: { startedAt: "2026-03-01T09:00:00Z" } } };
    const [container] = project({ containers: [early] }).containers;
    expect(container?.state).to.deep.equal({ is: "running", startedAt: CREATED_AT });
  });

  it("asks the containers themselves where a kubelet reports no ContainersReady", () => {
    const ready = project({ status: { conditions: [] } });
    const unready = project({
      status: { conditions: [] },
      containers: [RUNNING, waiting("ContainerCreating")],
    });
    expect([ready.containersReadyAt, unready.containersReadyAt]).to.deep.equal([CREATED_AT, undefined]);
  });

  it("knows a disruption only while its condition is True", () => {
    const disrupted = (status: string) =>
      project({
        status: { conditions: [{ type: "DisruptionTarget", status, reason: "EvictionByEvictionAPI" }] },
      });
    expect(disrupted("True").disruption).to.equal("EvictionByEvictionAPI");
    expect(disrupted("False").disruption).to.equal(undefined);
  });

  it("keeps why a pod is not scheduled, and nothing of one that is", () => {
    const reason = { reason: "Unschedulable", message: "0/1 nodes are available" };
    const conditions = [{ type: "PodScheduled", status: "False", ...reason }];
    expect(project({ status: { conditions } }).scheduled).to.deep.include({ ok: false, ...reason });
    expect(Object.keys(project({}).scheduled)).to.deep.equal(["ok", "at"]);
  });

  it("keeps where a pod is only where somebody asks it", () => {
    const raw = rawPod("p", "rs", {
      status: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }] },
    });
    const reachOf = (isAsked: boolean) => projectPod(raw, "uid-rs", undefined, CREATED_AT, isAsked);
    expect(reachOf(false)).not.to.have.property("reach");
    expect(reachOf(true).reach).to.deep.equal({ addresses: ["10.0.0.1", "fd00::1"], isHostNetwork: false });
  });

  for (const [what, status, addresses] of [
    ["the one address of an old kubelet", { podIP: "10.0.0.1" }, ["10.0.0.1"]],
    ["no address of a pod that has none yet", {}, []],
    [
      "no more addresses than a pod can have",
      { podIPs: Array.from({ length: 9 }, () => ({ ip: "::2" })) },
      4,
    ],
    ["nothing of addresses that are none", { podIPs: [{ ip: 7 }, "x", null] }, []],
  ] as const) {
    it(`keeps ${what}`, () => {
      const { reach } = projectPod(rawPod("p", "rs", { status }), "uid-rs", undefined, CREATED_AT, true);
      const kept = reach?.addresses ?? [];
      expect(typeof addresses === "number" ? kept.length : kept).to.deep.equal(addresses);
    });
  }

  it("knows that the addresses of a pod are those of its node", () => {
    const raw = rawPod("p", "rs", { status: { podIP: "10.0.0.1" } });
    const onNode = { ...raw, spec: { ...(raw.spec as object), hostNetwork: true } };
    expect(projectPod(onNode, "uid-rs", undefined, CREATED_AT, true).reach?.isHostNetwork).to.equal(true);
  });

  it("tells a sidecar from an init container", () => {
    const pod = project({
      spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }, { name: "migrate" }] },
      status: {
        initContainerStatuses: [
          { ...RUNNING, name: "proxy" },
          { ...RUNNING, name: "migrate" },
        ],
      },
    });
    expect(pod.containers.map(({ kind }) => kind)).to.deep.equal(["sidecar", "init", "app"]);
  });

  it("hands out nothing that can be changed", () => {
    const pod = project({});
    expect(
      [pod, pod.containers, pod.containers[0], pod.scheduled].every((part) => Object.isFrozen(part)),
    ).to.equal(true);
  });

  it("keeps both ends of a message that is very long", () => {
    const message = `cause ${"x".repeat(20_000)} effect`;
    const [container] = project({ containers: [waiting("ErrImagePull", message)] }).containers;
    expect(container?.state).to.have.property("message").with.length.below(1_100);
    expect(container?.state)
      .to.have.property("message")
      .that.match(/^cause x.*x effect$/);
  });
});

describe("the start trouble of a pod", () => {
  it("lasts while the kubelet alternates between pulling and backing off", () => {
    const pod = podAfter(
      [waiting("ContainerCreating")],
      [waiting("ErrImagePull")],
      [waiting("ImagePullBackOff")],
      [waiting("ErrImagePull")],
    );
    expect(pod.startFailure?.kind).to.equal("image");
    expect(secondsOf(pod)).to.equal(1);
  });

  it("lasts through ContainerCreating and PodInitializing", () => {
    const trouble = [waiting("CreateContainerConfigError", 'secret "x" not found')];
    const pod = podAfter(trouble, [waiting("ContainerCreating")], [waiting("PodInitializing")], trouble);
    expect(pod.startFailure?.kind).to.equal("config");
    expect(secondsOf(pod)).to.equal(0);
  });

  it("ends when the container runs, or did", () => {
    const trouble = [waiting("ErrImagePull")];
    const crashed = {
      ...waiting("CrashLoopBackOff"),
      lastState: { terminated: { reason: "Error", exitCode: 1 } },
    };
    const done = { ...RUNNING, state: { terminated: { reason: "Completed", exitCode: 0 } } };
    for (const end of [RUNNING, crashed, done])
      expect(podAfter(trouble, [end]).startFailure).to.equal(undefined);
  });

  it("does not pass to another container that is still waiting", () => {
    const pod = podAfter(
      [waiting("ErrImagePull", "", "a"), waiting("ContainerCreating", "", "b")],
      [{ ...RUNNING, name: "a" }, waiting("ContainerCreating", "", "b")],
    );
    expect(pod.startFailure).to.equal(undefined);
  });

  it("begins anew when it becomes another trouble", () => {
    const pod = podAfter([waiting("ErrImagePull")], [waiting("CreateContainerConfigError")]);
    expect(pod.startFailure?.kind).to.equal("config");
    expect(secondsOf(pod)).to.equal(1);
  });

  it("lasts between the tries of a command that cannot be executed", () => {
    const backOff = {
      ...waiting("CrashLoopBackOff"),
      lastState: { terminated: { reason: "StartError", exitCode: 128 } },
    };
    const pod = podAfter([waiting("RunContainerError")], [backOff], [waiting("RunContainerError")]);
    expect(secondsOf(pod)).to.equal(0);
  });

  it("is not inherited from another pod of the same name", () => {
    const before = projectPod(
      rawPod("p", "rs", { containers: [waiting("ErrImagePull")] }),
      "uid-rs",
      undefined,
      0,
    );
    const other = rawPod("p", "rs", {
      containers: [waiting("ContainerCreating")],
      metadata: { uid: "another" },
    });
    expect(projectPod(other, "uid-rs", before, 1).startFailure).to.equal(undefined);
  });
});
