import { expect } from "chai";
import type { Pod } from "../api-server/kinds.ts";
import { type DeploymentOptions, exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { passTime, waitUntil } from "../wait-until.ts";

const NAMESPACE = "shop";

describe("the kubelet", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 200, seed: 11 });
  });

  afterEach(() => cluster.stop());

  const pods = () => cluster.store.list("pods", NAMESPACE);
  const pod = (): Pod => {
    const found = pods().find(({ metadata }) => metadata.deletionTimestamp === undefined) ?? pods()[0];
    if (found === undefined) throw new Error("There is no pod.");
    return found;
  };
  const container = () => pod().status.containerStatuses?.[0];
  const condition = (type: string) => pod().status.conditions?.find((each) => each.type === type);
  const events = (reason: string) =>
    cluster.store
      .list("events", NAMESPACE)
      .filter((event) => event.reason === reason)
      .map(({ message }) => message);

  function run(options: DeploymentOptions): void {
    cluster.store.apply(exampleDeployment({ ...options, spec: { replicas: 1, ...options.spec } }));
  }

  const until = (what: string, holds: () => boolean, limitMs?: number) =>
    waitUntil(cluster, what, () => pods().length > 0 && holds(), limitMs);
  const ready = () => until("the pod is ready", () => condition("Ready")?.status === "True");

  it("makes a pod without a readiness probe ready as soon as it runs", async () => {
    run({ container: { readinessProbe: undefined } });
    await until("it runs", () => container()?.state.running !== undefined);
    expect(condition("Ready")?.status).to.equal("True");
  });

  it("lets the pods of a ReplicaSet share their spec, so that there may be many of them", async () => {
    run({ spec: { replicas: 3 } });
    await until(
      "all run",
      () => pods().length === 3 && pods().every(({ status }) => status.phase === "Running"),
    );
    expect(new Set(pods().map(({ spec }) => spec)).size).to.equal(1);
  });

  it("forgets the back-off of a container that has run for ten minutes", async () => {
    await cluster.stop();
    cluster = await startSimulatedCluster({ timeScale: 10_000, seed: 11 });
    run({ env: { CRASH: "1", CRASH_AFTER: "11m" }, container: { readinessProbe: undefined } });
    for (const count of [1, 2]) {
      await until(`restart ${count}`, () => container()?.restartCount === count, 800_000);
    }
    expect(events("BackOff")).to.deep.equal([]);
  });

  it("fails a pod's readiness when its probe fails often enough, and not before", async () => {
    run({
      env: { FAIL_AFTER: "10s" },
      container: { readinessProbe: probe({ periodSeconds: 2, failureThreshold: 3 }) },
    });
    await ready();
    await until("a probe fails", () => events("Unhealthy").length > 0);
    const failedAt = cluster.now();
    expect(condition("Ready")?.status).to.equal("True");
    await until("it is not ready", () => condition("Ready")?.status === "False");
    expect(cluster.now() - failedAt).to.be.within(3_500, 5_500);
    expect(events("Unhealthy")).to.deep.equal([
      "Readiness probe failed: HTTP probe failed with statuscode: 500",
    ]);
  });

  it("reports a timeout of a slow answer", async () => {
    run({ env: { HEALTH_DELAY: "3s" } });
    await until("a probe fails", () => events("Unhealthy").length > 0);
    expect(events("Unhealthy")[0]).to.contain(
      "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    );
  });

  it("restarts a container whose liveness probe gives up, counting restarts", async () => {
    const livenessProbe = probe({ periodSeconds: 1, failureThreshold: 2 });
    run({ env: { FAIL_AFTER: "5s" }, container: { readinessProbe: undefined, livenessProbe } });
    await until("a restart", () => container()?.restartCount === 1);
    expect(events("Killing")).to.deep.equal(["Container app failed liveness probe, will be restarted"]);
    expect(container()?.lastState.terminated).to.include({ exitCode: 2, reason: "Error" });
  });

  it("restarts what its liveness probe kills at once twice, then after 10 s, and never shows it as ended", async () => {
    const seen = new Set<string>();
    cluster.store.subscribe("pods", ({ object }) => {
      const [state] = (object as Pod).status.containerStatuses ?? [];
      if (state) seen.add(state.state.waiting?.reason ?? Object.keys(state.state).join());
    });
    const livenessProbe = { tcpSocket: { port: 9_999 }, periodSeconds: 2, failureThreshold: 2 };
    run({ container: { readinessProbe: undefined, livenessProbe } });
    const at: number[] = [];
    for (const count of [1, 2, 3]) {
      await until(`restart ${count}`, () => container()?.restartCount === count);
      at.push(cluster.now());
    }
    const [first = 0, second = 0, third = 0] = at;
    expect(second - first, "killed 4 s after its start, more or less").to.be.below(8_000);
    expect(third - second, "killed, and 10 s of back-off").to.be.within(12_000, 20_000);
    expect([...seen]).to.deep.equal(["ContainerCreating", "running", "CrashLoopBackOff"]);
    expect(events("BackOff"), "Events about it").to.have.length(1);
  });

  it("asks nothing else before a startup probe has succeeded", async () => {
    const startupProbe = probe({ periodSeconds: 1, failureThreshold: 30 });
    const livenessProbe = probe({ periodSeconds: 1, failureThreshold: 1 });
    run({ env: { START_DELAY: "8s" }, container: { startupProbe, livenessProbe } });
    await until("it runs", () => container()?.state.running !== undefined);
    expect(container()?.started).to.equal(false);
    await ready();
    expect(container()).to.include({ started: true, restartCount: 0 });
    expect(events("Unhealthy").every((message) => message.startsWith("Startup probe failed: Get "))).to.equal(
      true,
    );
  });

  it("restarts a crashed container at once, then after 10 s, 20 s and so on", async () => {
    run({
      env: { CRASH: "1", CRASH_AFTER: "1s", EXIT_CODE: "3", EXIT_MESSAGE: "no database" },
      container: { readinessProbe: undefined },
    });
    await until("the first restart", () => container()?.restartCount === 1);
    expect(container()?.lastState.terminated).to.include({
      exitCode: 3,
      reason: "Error",
      message: "no database",
    });
    const at = [cluster.now()];
    for (const count of [2, 3]) {
      await until(`restart ${count}`, () => container()?.restartCount === count);
      at.push(cluster.now());
    }
    const [first = 0, second = 0, third = 0] = at;
    expect(second - first).to.be.within(10_000, 17_000);
    expect(third - second).to.be.within(20_000, 30_000);
    expect(events("BackOff")[0]).to.match(
      /^Back-off restarting failed container app in pod web-\S+_shop\([0-9a-f-]{36}\)$/,
    );
  });

  it("lets an application crash that misses a variable, and run when it is set", async () => {
    cluster.images.set("web:2", { env: { REQUIRED_ENV: "DATABASE_URL" } });
    run({ image: "web:2" });
    await until("a crash", () => container()?.lastState.terminated?.exitCode === 1);
    expect(container()?.lastState.terminated?.message).to.equal("DATABASE_URL is not set");
    run({ image: "web:2", env: { DATABASE_URL: "postgres://db" } });
    await until("the new pod is ready", () =>
      pods().some(({ status, spec }) => {
        return (spec.containers[0]?.env ?? []).length > 0 && status.containerStatuses?.[0]?.ready === true;
      }),
    );
  });

  it("kills a container for its memory", async () => {
    run({ env: { OOM_AFTER: "2s" }, container: { readinessProbe: undefined } });
    await until("a restart", () => container()?.restartCount === 1);
    expect(container()?.lastState.terminated).to.include({ exitCode: 137, reason: "OOMKilled" });
  });

  it("shows a command that does not exist", async () => {
    run({ env: { COMMAND_MISSING: "1" } });
    await until("the failure", () => container()?.state.waiting?.reason === "RunContainerError");
    expect(container()?.lastState.terminated).to.include({ exitCode: 128, reason: "StartError" });
    await until("the back-off", () => container()?.state.waiting?.reason === "CrashLoopBackOff");
  });

  it("starts a container when its missing Secret appears, or its missing key", async () => {
    const reference = { name: "db", key: "url" };
    run({ container: { env: [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: reference } }] } });
    const message = () => container()?.state.waiting?.message;
    await until("the Secret is missed", () => message() === 'secret "db" not found');
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "db", namespace: NAMESPACE } };
    cluster.store.apply({ ...secret, data: { other: "" } });
    await until("the key is missed", () => message() === "couldn't find key url in Secret shop/db");
    cluster.store.apply({ ...secret, data: { url: Buffer.from("x").toString("base64") } });
    await ready();
  });

  it("waits for a ConfigMap that is a volume", async () => {
    run({ pod: { volumes: [{ name: "conf", configMap: { name: "settings" } }] } });
    await until("the failure", () => events("FailedMount").length > 0);
    expect(events("FailedMount")).to.deep.equal([
      'MountVolume.SetUp failed for volume "conf" : configmap "settings" not found',
    ]);
    expect(container()?.state.waiting?.reason).to.equal("ContainerCreating");
    cluster.store.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: NAMESPACE },
    });
    await ready();
  });

  it("pulls an image that is there and backs off from one that is not", async () => {
    run({ image: "web:latest", container: { imagePullPolicy: "Always" } });
    await ready();
    expect(events("Pulled")[0]).to.match(/^Successfully pulled image "web:latest" in \d+ms/);
    cluster.images.set("web:gone", { isMissing: true });
    run({ image: "web:gone" });
    const reason = () =>
      pods().find(({ spec }) => spec.containers[0]?.image === "web:gone")?.status.containerStatuses?.[0]
        ?.state.waiting?.reason;
    await until("the error", () => reason() === "ErrImagePull");
    await until("the back-off", () => reason() === "ImagePullBackOff");
    cluster.images.set("web:gone", { isMissing: false });
    await until("it runs", () => reason() === undefined);
  });

  it("runs init containers one after another before all others", async () => {
    const init = (name: string, env: Record<string, string> = {}) => ({
      name,
      image: "tool:1",
      env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    });
    run({
      pod: {
        initContainers: [init("one", { EXIT_AFTER: "2s" }), init("two", { CRASH: "1", CRASH_TIMES: "1" })],
      },
    });
    await until(
      "the first one runs",
      () => pod().status.initContainerStatuses?.[0]?.state.running !== undefined,
    );
    expect(condition("Initialized")).to.include({
      status: "False",
      message: "containers with incomplete status: [one two]",
    });
    expect(container()?.state.waiting?.reason).to.equal("PodInitializing");
    await ready();
    expect(pod().status.initContainerStatuses?.map(({ restartCount }) => restartCount)).to.deep.equal([0, 1]);
    expect(condition("Initialized")?.status).to.equal("True");
  });

  it("starts a sidecar first and keeps it running", async () => {
    const sidecar = {
      name: "proxy",
      image: "proxy:1",
      restartPolicy: "Always" as const,
      env: [{ name: "FAIL_AFTER", value: "10s" }],
      readinessProbe: probe({ periodSeconds: 1, failureThreshold: 1 }),
    };
    run({ pod: { initContainers: [sidecar] } });
    await ready();
    expect(pod().status.initContainerStatuses?.[0]).to.include({ ready: true, started: true });
    await until(
      "the sidecar's readiness counts",
      () => condition("Ready")?.message === "containers with unready status: [proxy]",
    );
  });

  it("does not call a pod ready before its readiness gates are open", async () => {
    run({ pod: { readinessGates: [{ conditionType: "example.io/open" }] } });
    await until("its containers are ready", () => condition("ContainersReady")?.status === "True");
    expect(condition("Ready")).to.include({ status: "False", reason: "ReadinessGatesNotReady" });
    const current = pod();
    const conditions = [
      ...(current.status.conditions ?? []),
      { type: "example.io/open", status: "True" as const },
    ];
    cluster.store.updateStatus("pods", { ...current, status: { ...current.status, conditions } });
    await ready();
    expect(condition("example.io/open")?.status).to.equal("True");
  });

  it("ends a pod gracefully: reported, ended, then gone", async () => {
    run({});
    await ready();
    const { name, uid } = pod().metadata;
    const phases: string[] = [];
    cluster.store.subscribe("pods", ({ type, object }) => {
      if (object.metadata.uid === uid) phases.push(`${type} ${(object as Pod).status.phase}`);
    });
    cluster.store.delete("pods", NAMESPACE, name);
    await waitUntil(cluster, "it is gone", () => cluster.store.get("pods", NAMESPACE, name) === undefined);
    expect([...new Set(phases)]).to.deep.equal(["MODIFIED Running", "MODIFIED Failed", "DELETED Failed"]);
    expect(events("Killing")).to.deep.equal(["Stopping container app"]);
  });

  it("kills an application that ignores SIGTERM at the end of its grace period", async () => {
    run({ env: { IGNORE_TERM: "1" }, pod: { terminationGracePeriodSeconds: 20 } });
    await ready();
    const { name } = pod().metadata;
    const deletedAt = cluster.now();
    cluster.store.delete("pods", NAMESPACE, name);
    await waitUntil(cluster, "it is gone", () => cluster.store.get("pods", NAMESPACE, name) === undefined);
    expect(cluster.now() - deletedAt).to.be.within(19_500, 24_000);
  });

  it("removes a pod at once that is deleted without grace", async () => {
    run({});
    await ready();
    const { name } = pod().metadata;
    cluster.store.delete("pods", NAMESPACE, name, { gracePeriodSeconds: 0 });
    expect(cluster.store.get("pods", NAMESPACE, name)).to.equal(undefined);
  });

  it("shows an eviction as a disruption, and one for memory as a failed pod that stays", async () => {
    run({});
    await ready();
    const { name } = pod().metadata;
    cluster.evictPod(NAMESPACE, name);
    const evicted = cluster.store.get("pods", NAMESPACE, name);
    expect(evicted?.status.conditions?.at(-1)).to.include({
      type: "DisruptionTarget",
      reason: "EvictionByEvictionAPI",
    });
    await until(
      "its successor is ready",
      () => pod().metadata.name !== name && condition("Ready")?.status === "True",
    );
    const second = pod().metadata.name;
    cluster.evictForMemory(NAMESPACE, second);
    await passTime(cluster, 10_000);
    expect(cluster.store.get("pods", NAMESPACE, second)?.status).to.include({
      phase: "Failed",
      reason: "Evicted",
    });
    expect(pods()).to.have.length(2);
  });
});

function probe(numbers: { periodSeconds: number; failureThreshold: number }) {
  return { httpGet: { path: "/healthz", port: 8080 }, ...numbers };
}
