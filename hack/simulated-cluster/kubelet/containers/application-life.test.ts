import { expect } from "chai";
import type { Pod } from "../../api-server/kinds.ts";
import { exampleDeployment, exampleService } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";
import { container, type PodUnderTest, runPod } from "../testing/pod-under-test.ts";

const READINESS = { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 };

describe("an application that depends on its cluster", () => {
  let under: PodUnderTest | undefined;

  afterEach(() => under?.stop());

  async function run(env: Record<string, string>, more: object = {}): Promise<PodUnderTest> {
    under = await runPod({ containers: [container("app", env, { readinessProbe: READINESS, ...more })] });
    return under;
  }
  const give = (kind: "Secret" | "ConfigMap", name: string, data = {}) =>
    under?.cluster.store.apply({ apiVersion: "v1", kind, metadata: { name, namespace: "shop" }, data });

  it("is ill again and again when it says so", async () => {
    const pod = await run({
      FAIL_AFTER: "10s",
      FAIL_FOR: "5s",
      FAIL_EVERY: "30s",
    });
    const turns: number[] = [];
    for (const isReady of [true, false, true, false, true]) {
      await pod.until(`ready is ${isReady}`, () => pod.container()?.ready === isReady);
      turns.push(pod.cluster.now());
    }
    const [, ill = 0, well = 0, unhealthyAgain = 0, wellAgain = 0] = turns;
    expect(well - ill).to.be.within(4_000, 6_000);
    expect(unhealthyAgain - ill).to.be.within(29_000, 31_000);
    expect(wellAgain - well).to.be.within(29_000, 31_000);
    expect(pod.container()?.restartCount).to.equal(0);
  });

  for (const [kind, what] of [
    ["ConfigMap", "configmap/migrated"],
    ["Secret", "secret/migrated"],
  ] as const) {
    it(`crashes until the ${kind} that it needs exists`, async () => {
      const pod = await run({ NEEDS: `time/2020-01-01T00:00:00Z, ${what}` });
      await pod.until("it has crashed twice", () => pod.container()?.restartCount === 2);
      expect(pod.container()?.lastState.terminated).to.include({
        exitCode: 1,
        message: `${what} does not exist`,
      });
      give(kind, "migrated");
      await pod.until("it is ready", () => pod.container()?.ready === true);
    });
  }

  it("crashes until the time that it needs has come", async () => {
    const { cluster } = await run({});
    const at = cluster.now() + 60_000;
    const env = { NEEDS: `time/${new Date(at).toISOString()}` };
    cluster.store.apply(exampleDeployment({ env, spec: { replicas: 1 } }));
    const state = () => {
      const pod = cluster.store.list("pods", "shop").find(({ metadata }) => metadata.name !== "web");
      return pod?.status.containerStatuses?.[0];
    };
    await waitUntil(cluster, "it is ready", () => state()?.ready === true);
    expect(state()?.restartCount).to.be.at.least(1);
    expect(cluster.now()).to.be.at.least(at);
  });

  it("waits for a Service without a crash, and listens when that has an endpoint", async () => {
    const pod = await run({ WAITS_FOR: "service/db" });
    await pod.until("it runs", () => pod.container()?.state.running !== undefined);
    await passTime(pod.cluster, 30_000);
    expect(pod.container()).to.include({ ready: false, restartCount: 0 });
    pod.cluster.store.apply(exampleService({ name: "db" }));
    pod.cluster.store.apply(exampleDeployment({ name: "db" }));
    await pod.until("it is ready", () => pod.container()?.ready === true);
    expect(pod.container()?.restartCount).to.equal(0);
  });

  it("does not end an init container before what it waits for exists", async () => {
    under = await runPod({
      initContainers: [container("wait", { WAITS_FOR: "configmap/migrated" })],
      containers: [container("app")],
    });
    await passTime(under.cluster, 60_000);
    expect(under.container("wait")?.state.running).not.to.equal(undefined);
    give("ConfigMap", "migrated");
    await under.until("the application runs", () => under?.container()?.state.running !== undefined);
  });

  it("refuses the value of a key until it is one that it knows", async () => {
    const reference = { name: "settings", key: "level" };
    const env = [
      { name: "LEVEL", valueFrom: { configMapKeyRef: reference } },
      { name: "ENV_PATTERN", value: "LEVEL=debug|info" },
    ];
    under = await runPod({ containers: [{ ...container("app"), env, readinessProbe: READINESS }] });
    give("ConfigMap", "settings", { level: "information" });
    const state = () => under?.container();
    await under.until("a crash", () => state()?.restartCount === 1);
    expect(state()?.lastState.terminated?.message).to.equal("LEVEL is not valid");
    give("ConfigMap", "settings", { level: "info" });
    await under.until("it is ready", () => state()?.ready === true);
  });
});

describe("applications that contend for a Lease", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 300, seed: 3 });
    const container = { readinessProbe: READINESS };
    cluster.store.apply(exampleDeployment({ env: { LEASE: "web" }, container, spec: { replicas: 3 } }));
  });

  afterEach(() => cluster.stop());

  const pods = (): readonly Pod[] => cluster.store.list("pods", "shop");
  const isReady = ({ status }: Pod) => status.containerStatuses?.[0]?.ready === true;
  const leaders = () => pods().filter(isReady);
  const holder = () => {
    const spec = cluster.store.get("leases", "shop", "web")?.["spec"] as { holderIdentity?: string };
    return spec?.holderIdentity?.split("_")[0];
  };

  it("are ready one at a time: the holder", async () => {
    await waitUntil(cluster, "all run", () => pods().every(({ status }) => status.phase === "Running"));
    await waitUntil(cluster, "one is ready", () => leaders().length === 1);
    expect(holder()).to.equal(leaders()[0]?.metadata.name);
    let most = 0;
    cluster.store.subscribe("pods", () => {
      most = Math.max(most, leaders().length);
    });
    await passTime(cluster, 120_000);
    expect(most).to.be.at.most(1);
    expect(leaders()).to.have.length(1);
  });

  it("take over after the Lease has expired when the holder goes", async () => {
    await waitUntil(cluster, "one is ready", () => leaders().length === 1);
    const first = leaders()[0]?.metadata.name ?? "";
    cluster.store.delete("pods", "shop", first);
    const deletedAt = cluster.now();
    await waitUntil(cluster, "another one holds it", () => holder() !== first);
    expect(cluster.now() - deletedAt).to.be.within(12_000, 20_000);
    await waitUntil(cluster, "it is ready", () =>
      leaders().some(({ metadata }) => metadata.name === holder()),
    );
  });
});
