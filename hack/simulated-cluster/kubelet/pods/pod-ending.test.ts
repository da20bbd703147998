import { expect } from "chai";
import { exampleService } from "../../example-manifests.ts";
import { container, type PodUnderTest, runPod } from "../testing/pod-under-test.ts";

describe("the end of a pod", () => {
  let under: PodUnderTest;

  afterEach(() => under.stop());

  const running = (name = "app") => under.container(name)?.state.running !== undefined;
  const ended = (name = "app") => under.container(name)?.state.terminated;
  const finishedAt = (name: string) => Date.parse(ended(name)?.finishedAt ?? "");

  it("comes to its sidecars last, the newest of them first", async () => {
    const sidecar = (name: string) => container(name, {}, { restartPolicy: "Always" });
    under = await runPod({
      initContainers: [sidecar("logs"), sidecar("proxy")],
      containers: [container("app", {}, { lifecycle: { preStop: { sleep: { seconds: 5 } } } })],
    });
    await under.until("it runs", running);
    under.delete();
    await under.until("the application has ended", () => under.events("Killing").length === 3);
    await under.until("the pod is gone", () => under.isGone());
    expect(finishedAt("proxy")).to.be.at.least(finishedAt("app"));
    expect(finishedAt("logs")).to.be.at.least(finishedAt("proxy"));
    expect(finishedAt("app") - Date.parse(under.pod().status.startTime ?? "")).to.be.at.least(5_000);
  });

  it("does not wait for longer than the grace period because a hook or a sidecar takes its time", async () => {
    under = await runPod({
      initContainers: [container("proxy", { IGNORE_TERM: "1" }, { restartPolicy: "Always" })],
      containers: [
        container("app", { PRE_STOP: "60s" }, { lifecycle: { preStop: { exec: { command: ["x"] } } } }),
      ],
    });
    await under.until("it runs", running);
    const deletedAt = under.cluster.now();
    under.delete();
    await under.until("the pod is gone", () => under.isGone());
    // The ten seconds of the pod, and two more after SIGTERM, however late that came.
    expect(under.cluster.now() - deletedAt).to.be.within(10_000, 15_000);
    expect(ended("proxy")?.exitCode).to.equal(137);
    expect(ended("app")?.exitCode).to.equal(2);
  });

  it("is followed by no restart, though a liveness probe goes on failing", async () => {
    const livenessProbe = { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
    under = await runPod({
      containers: [container("app", { FAIL_AFTER: "4s", IGNORE_TERM: "1" }, { livenessProbe })],
    });
    await under.until("it runs", running);
    under.delete();
    await under.until("the pod is gone", () => under.isGone());
    expect(under.events("Killing")).to.deep.equal(["Stopping container app"]);
  });

  it("gives an unhealthy container the grace period of its probe", async () => {
    const livenessProbe = {
      httpGet: { port: 8080 },
      periodSeconds: 1,
      failureThreshold: 1,
      terminationGracePeriodSeconds: 4,
    };
    under = await runPod({
      containers: [container("app", { FAIL_AFTER: "3s", IGNORE_TERM: "1" }, { livenessProbe })],
    });
    await under.until("it is killed", () => under.events("Killing").length === 1);
    const killedAt = under.cluster.now();
    await under.until("a restart", () => under.container()?.restartCount === 1);
    expect(under.cluster.now() - killedAt).to.be.within(3_900, 6_500);
    expect(under.container()?.lastState.terminated).to.include({ exitCode: 137, reason: "Error" });
  });

  it("by the kubelet shows when the containers have ended: Evicted, disrupted, not ready", async () => {
    under = await runPod({ containers: [container("app")] });
    await under.until("it runs", running);
    under.cluster.evictForMemory("shop", "web");
    expect(under.pod().status.phase).to.equal("Running");
    await under.until("it is over", () => under.pod().status.phase === "Failed");
    expect(under.pod().status.reason).to.equal("Evicted");
    expect(under.pod().status.message).to.match(
      /^The node was low on resource: memory. Threshold quantity: /,
    );
    expect(under.condition("DisruptionTarget")).to.include({
      status: "True",
      reason: "TerminationByKubelet",
    });
    expect(under.condition("Ready")).to.include({ status: "False", reason: "PodFailed" });
    expect(ended()).to.include({ exitCode: 2 });
    expect(under.events("Evicted")).to.have.length(1);
  });

  it("comes at its deadline", async () => {
    under = await runPod({ activeDeadlineSeconds: 20, containers: [container("app")] });
    await under.until("it runs", running);
    await under.until("it is over", () => under.pod().status.phase === "Failed");
    expect(under.pod().status).to.include({
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    });
  });

  it("is a success when all containers ended well and none is restarted; its sidecars end with it", async () => {
    under = await runPod({
      restartPolicy: "OnFailure",
      initContainers: [container("proxy", { TERM_EXIT_CODE: "0" }, { restartPolicy: "Always" })],
      containers: [container("app", { CRASH: "1", CRASH_TIMES: "1", EXIT_AFTER: "3s" })],
    });
    await under.until("it is over", () => under.pod().status.phase === "Succeeded");
    expect(under.container()?.restartCount).to.equal(1);
    expect(ended("proxy")).to.include({ exitCode: 0, reason: "Completed" });
    expect(under.condition("Ready")).to.include({ status: "False", reason: "PodCompleted" });
  });

  it("is a failure at the first bad end when nothing may be restarted", async () => {
    under = await runPod({
      restartPolicy: "Never",
      containers: [container("app", { CRASH: "1", EXIT_CODE: "3" })],
    });
    await under.until("it is over", () => under.pod().status.phase === "Failed");
    expect(ended()).to.include({ exitCode: 3, reason: "Error" });
    expect(under.container()?.restartCount).to.equal(0);
    expect(under.condition("Ready")?.reason).to.equal("PodFailed");
  });

  it("takes it out of the endpoints of its Services, though the pod stays", async () => {
    under = await runPod({ restartPolicy: "Never", containers: [container("app", { EXIT_AFTER: "5s" })] });
    under.cluster.store.apply(exampleService());
    const endpoints = () =>
      [...under.cluster.store.values("endpointslices", "shop")].flatMap((slice) => slice.endpoints ?? [])
        .length;
    await under.until("it is behind the Service", () => endpoints() === 1);
    await under.until("it is over", () => under.pod().status.phase === "Succeeded");
    await under.until("it is out", () => endpoints() === 0);
  });
});
