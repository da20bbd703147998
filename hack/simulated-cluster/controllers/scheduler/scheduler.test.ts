import { expect } from "chai";
import type { CoreEvent, Pod, PodSpec, Toleration } from "../../api-server/kinds.ts";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";

const NAMESPACE = "shop";

describe("the scheduler", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    const nodeCapacity = { cpu: "4", memory: "8Gi", pods: "6" };
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 6, nodes: 3, nodeCapacity });
  });

  afterEach(() => cluster.stop());

  const pods = () => cluster.store.list("pods", NAMESPACE);
  const get = (name: string) => cluster.store.get("pods", NAMESPACE, name);
  const scheduled = (name: string) =>
    get(name)?.status.conditions?.find(({ type }) => type === "PodScheduled");
  const failures = (): readonly CoreEvent[] =>
    cluster.store.list("events", NAMESPACE).filter(({ reason }) => reason === "FailedScheduling");

  function create(name: string, spec: Partial<PodSpec> = {}, cpu = "1"): Pod {
    const containers = [{ name: "app", image: "web:1", resources: { requests: { cpu } } }];
    cluster.store.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "n", namespace: NAMESPACE },
    });
    return cluster.store.create("pods", NAMESPACE, { metadata: { name }, spec: { containers, ...spec } });
  }

  async function nodeOf(name: string): Promise<string> {
    await waitUntil(cluster, `${name} has a node`, () => get(name)?.spec.nodeName !== undefined);
    return get(name)?.spec.nodeName ?? "";
  }

  async function refusal(name: string): Promise<string> {
    await waitUntil(cluster, `${name} is refused`, () => scheduled(name)?.reason === "Unschedulable");
    return scheduled(name)?.message ?? "";
  }

  const taint = (node: string, effect: "NoSchedule" | "NoExecute" | "PreferNoSchedule") =>
    cluster.store.patch("nodes", "", node, { spec: { taints: [{ key: "team", value: "a", effect }] } });

  it("spreads the pods of a Deployment over the nodes", async () => {
    cluster.store.apply(exampleDeployment({ spec: { replicas: 6 } }));
    await waitUntil(
      cluster,
      "all have a node",
      () => pods().filter(({ spec }) => spec.nodeName).length === 6,
    );
    const counts = ["node1", "node2", "node3"].map(
      (node) => pods().filter(({ spec }) => spec.nodeName === node).length,
    );
    expect(counts).to.deep.equal([2, 2, 2]);
  });

  it("gives pods of different nodes different addresses", async () => {
    cluster.store.apply(exampleDeployment({ spec: { replicas: 9 } }));
    await waitUntil(cluster, "addresses", () => pods().filter(({ status }) => status.podIP).length === 9);
    expect(new Set(pods().map(({ status }) => status.podIP)).size).to.equal(9);
    expect(new Set(pods().map(({ status }) => status.hostIP)).size).to.equal(3);
  });

  it("counts what all pods of a node ask for, and tells what is missing", async () => {
    for (const name of ["a", "b", "c"]) create(name, {}, "3");
    const nodes = await Promise.all(["a", "b", "c"].map(nodeOf));
    expect(new Set(nodes).size).to.equal(3);
    create("d", {}, "2");
    expect(await refusal("d")).to.equal(
      "0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
    );
  });

  it("says that nothing would help a pod that is too large for every node", async () => {
    create("a", {}, "5");
    expect(await refusal("a")).to.equal(
      "0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
  });

  it("tells of each node the first rule that it breaks", async () => {
    create("full", { nodeSelector: { "kubernetes.io/hostname": "node1" } }, "4");
    await nodeOf("full");
    taint("node2", "NoSchedule");
    create("a", {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "NotIn", values: ["node3"] }] },
            ],
          },
        },
      },
    });
    expect(await refusal("a")).to.equal(
      "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
    );
  });

  it("puts nothing on a cordoned node, and comes back to it when it is uncordoned", async () => {
    for (const node of ["node1", "node2", "node3"]) {
      cluster.store.patch("nodes", "", node, { spec: { unschedulable: true } });
    }
    await waitUntil(
      cluster,
      "the taint of a cordoned node",
      () =>
        cluster.store.get("nodes", "", "node2")?.spec.taints?.[0]?.key === "node.kubernetes.io/unschedulable",
    );
    create("a");
    expect(await refusal("a")).to.match(/^0\/3 nodes are available: 3 node\(s\) were unschedulable\. /);
    cluster.store.patch("nodes", "", "node2", { spec: { unschedulable: null } });
    expect(await nodeOf("a")).to.equal("node2");
    await waitUntil(cluster, "no taint", () => {
      return cluster.store.get("nodes", "", "node2")?.spec.taints === undefined;
    });
    expect(scheduled("a")?.reason).to.equal(undefined);
  });

  const tolerations: readonly (readonly [string, Toleration, boolean])[] = [
    ["key, value and effect", { key: "team", value: "a", effect: "NoSchedule" }, true],
    ["the key, whatever the value", { key: "team", operator: "Exists" }, true],
    ["everything", { operator: "Exists" }, true],
    ["another value", { key: "team", value: "b" }, false],
    ["another effect", { key: "team", operator: "Exists", effect: "NoExecute" }, false],
    ["another key", { key: "other", operator: "Exists" }, false],
  ];
  for (const [what, toleration, fits] of tolerations) {
    it(`${fits ? "takes" : "does not take"} for a toleration of a taint one of ${what}`, async () => {
      for (const node of ["node1", "node2", "node3"]) taint(node, "NoSchedule");
      create("a", { tolerations: [toleration] });
      if (fits) expect(await nodeOf("a")).to.match(/^node/);
      else expect(await refusal("a")).to.match(/3 node\(s\) had untolerated taint\(s\)\. /);
    });
  }

  it("does not mind a taint that only advises", async () => {
    for (const node of ["node1", "node2", "node3"]) taint(node, "PreferNoSchedule");
    create("a");
    expect(await nodeOf("a")).to.match(/^node/);
  });

  it("counts pods, too", async () => {
    for (let i = 0; i < 18; i++) create(`pod-${i}`, {}, "1m");
    await waitUntil(cluster, "18 pods", () => pods().filter(({ spec }) => spec.nodeName).length === 18);
    create("one-more", {}, "1m");
    expect(await refusal("one-more")).to.match(/^0\/3 nodes are available: 3 Too many pods\. /);
  });

  it("tries again soon when a pod goes that was in the way, and not before", async () => {
    for (const name of ["a", "b", "c"]) create(name, {}, "4");
    await Promise.all(["a", "b", "c"].map(nodeOf));
    create("d", {}, "4");
    await refusal("d");
    await passTime(cluster, 60_000);
    expect(failures()).to.have.length(1);
    const begin = cluster.now();
    cluster.store.delete("pods", NAMESPACE, "b", { gracePeriodSeconds: 0 });
    expect(await nodeOf("d")).to.match(/^node/);
    expect(cluster.now() - begin).to.be.below(15_000);
  });

  it("makes one series of an Event that it writes again, with the first text", async () => {
    create("a", { nodeSelector: { "kubernetes.io/hostname": "node1" } }, "5");
    const first = await refusal("a");
    cluster.store.patch("nodes", "", "node1", { spec: { unschedulable: true } });
    await waitUntil(cluster, "another text", () => scheduled("a")?.message !== first);
    expect(failures().map(({ message }) => message)).to.deep.equal([first]);
    expect(failures()[0]?.["series"]).to.include({ count: 2 });
  });

  it("says when there is no node at all", async () => {
    for (const node of ["node1", "node2", "node3"]) cluster.store.delete("nodes", "", node);
    create("a");
    expect(await refusal("a")).to.equal("no nodes available to schedule pods");
  });
});
