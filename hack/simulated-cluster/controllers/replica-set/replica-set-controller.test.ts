import { expect } from "chai";
import type { Pod, ReplicaSet } from "../../api-server/kinds.ts";
import { controllerOf } from "../../api-server/kube-object.ts";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";
import { isActive } from "../pod-readiness.ts";

const NAMESPACE = "shop";

describe("the ReplicaSet controller", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 2 });
  });

  afterEach(() => cluster.stop());

  function apply(replicas: number): void {
    const { template, selector } = exampleDeployment().spec;
    cluster.store.apply({
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: "web", namespace: NAMESPACE, labels: { app: "web" } },
      spec: { replicas, selector, template },
    });
  }

  const set = (): ReplicaSet | undefined => cluster.store.get("replicasets", NAMESPACE, "web");
  const pods = (): readonly Pod[] => cluster.store.list("pods", NAMESPACE);
  const events = (reason: string) =>
    cluster.store.list("events", NAMESPACE).filter((event) => event.reason === reason);
  const ready = (count: number) =>
    waitUntil(cluster, `${count} pods are ready`, () => (set()?.status.readyReplicas ?? 0) === count);

  it("never makes a pod too many, however fast it is woken", async () => {
    let most = 0;
    cluster.store.subscribe("pods", () => {
      most = Math.max(most, pods().filter(isActive).length);
      apply(20);
    });
    apply(20);
    await ready(20);
    expect(most).to.equal(20);
  });

  it("first says that it has seen the spec, then counts the pods it made", async () => {
    const counts: (number | undefined)[][] = [];
    cluster.store.subscribe("replicasets", ({ object }) => {
      const { status } = object as ReplicaSet;
      counts.push([status.observedGeneration, status.replicas]);
    });
    apply(2);
    await ready(2);
    expect(counts.slice(0, 3)).to.deep.equal([
      [undefined, 0],
      [1, 0],
      [1, 2],
    ]);
  });

  it("replaces a pod at once when it is deleted or fails", async () => {
    apply(2);
    await ready(2);
    const [first, second] = pods();
    cluster.store.delete("pods", NAMESPACE, first?.metadata.name ?? "");
    cluster.evictForMemory(NAMESPACE, second?.metadata.name ?? "");
    await waitUntil(cluster, "two others", () => pods().filter(isActive).length === 2);
    await ready(2);
    expect(set()?.status.replicas).to.equal(2);
  });

  it("lets a pod go whose labels no longer match, makes another, and adopts it again", async () => {
    apply(1);
    await ready(1);
    const name = pods()[0]?.metadata.name ?? "";
    cluster.store.patch("pods", NAMESPACE, name, { metadata: { labels: { app: "debug" } } });
    await waitUntil(cluster, "a second pod", () => pods().length === 2);
    const freed = () => cluster.store.get("pods", NAMESPACE, name);
    expect(freed()?.metadata.ownerReferences).to.equal(undefined);
    apply(2);
    await waitUntil(cluster, "three pods", () => pods().length === 3);
    await ready(2);
    cluster.store.patch("pods", NAMESPACE, name, { metadata: { labels: { app: "web" } } });
    await waitUntil(cluster, "one too many is deleted", () => pods().filter(isActive).length === 2);
    const owners = pods()
      .filter(isActive)
      .map((pod) => controllerOf(pod)?.name);
    expect(owners).to.deep.equal(["web", "web"]);
  });

  it("stops trying after one refusal when none succeeds, and tries again later and later", async () => {
    cluster.setPodQuota(NAMESPACE, { name: "team", pods: 0 });
    apply(40);
    await waitUntil(cluster, "the refusal", () => events("FailedCreate").length > 0);
    await passTime(cluster, 10_000);
    const tries = events("FailedCreate").reduce((sum, { count = 1 }) => sum + count, 0);
    expect(tries).to.be.within(5, 20);
    expect(set()?.status.conditions?.[0]).to.include({
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
    });
    expect(set()?.status.conditions?.[0]?.message).to.match(
      /^pods "web-\w{5}" is forbidden: exceeded quota: team/,
    );
  });

  it("makes no more than 500 pods in a pass, and all of them in the end", async () => {
    let afterFirstPass = 0;
    const unsubscribe = cluster.store.subscribe("pods", () => {
      unsubscribe();
      cluster.time.after(0, () => {
        afterFirstPass = pods().length;
      });
    });
    apply(620);
    await waitUntil(cluster, "all", () => pods().length === 620);
    expect(afterFirstPass).to.equal(500);
  });

  it("leaves its pods alone while it is being deleted", async () => {
    apply(2);
    await ready(2);
    cluster.store.patch("replicasets", NAMESPACE, "web", { metadata: { finalizers: ["example.com/hold"] } });
    cluster.store.delete("replicasets", NAMESPACE, "web");
    cluster.store.delete("pods", NAMESPACE, pods()[0]?.metadata.name ?? "");
    await passTime(cluster, 10_000);
    expect(pods()).to.have.length(1);
  });
});
