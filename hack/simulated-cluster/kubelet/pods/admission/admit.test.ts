import { expect } from "chai";
import type { Pod } from "../../../api-server/kinds.ts";
import { type DeploymentOptions, exampleDeployment } from "../../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../../wait-until.ts";

describe("a pod that the kubelet refuses", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 200, seed: 4 });
  });

  afterEach(() => cluster.stop());

  const pods = (): readonly Pod[] => cluster.store.list("pods", "shop");
  const failed = () => pods().filter(({ status }) => status.phase === "Failed");
  const run = (options: DeploymentOptions) =>
    cluster.store.apply(exampleDeployment({ ...options, spec: { replicas: 1, ...options.spec } }));
  const sysctls = (name: string): DeploymentOptions => ({
    pod: { securityContext: { sysctls: [{ name, value: "1" }] } },
  });

  it("is Failed for a sysctl that is not allowed, and so is each one that replaces it", async () => {
    run(sysctls("net.core.somaxconn"));
    await waitUntil(cluster, "they pile up", () => failed().length >= 5);
    for (const { status } of failed()) {
      expect(status).to.include({
        reason: "SysctlForbidden",
        message: 'Pod was rejected: forbidden sysctl: "net.core.somaxconn" not allowlisted',
      });
      expect(status.startTime).not.to.equal(undefined);
      expect(status).not.to.have.any.keys("conditions", "containerStatuses", "podIP");
    }
    const [event] = cluster.store.list("events", "shop").filter(({ reason }) => reason === "SysctlForbidden");
    expect(event).to.deep.include({
      type: "Warning",
      message: 'forbidden sysctl: "net.core.somaxconn" not allowlisted',
      source: { component: "kubelet", host: "node1" },
    });
    expect(cluster.store.get("deployments", "shop", "web")?.status.availableReplicas ?? 0).to.equal(0);
  });

  it("is not one whose sysctl is safe", async () => {
    run(sysctls("net.ipv4.tcp_syncookies"));
    await waitUntil(cluster, "it runs", () => pods()[0]?.status.phase === "Running");
    expect(failed()).to.deep.equal([]);
  });

  it("is one of the first when a node has no room for what the scheduler sent", async () => {
    const fault = cluster.nodeFaults.add({
      does: { refuse: "OutOfcpu" },
      on: { labels: { app: "web" } },
      times: 2,
    });
    run({});
    await waitUntil(cluster, "one runs", () => pods().some(({ status }) => status.phase === "Running"));
    expect(failed().map(({ status }) => status.reason)).to.deep.equal(["OutOfcpu", "OutOfcpu"]);
    expect(fault).to.include({ hits: 2, isActive: false });
    await passTime(cluster, 60_000);
    expect(failed(), "they stay behind").to.have.length(2);
  });

  it("can be refused on one node only, and with a reason of the test's own", async () => {
    await cluster.stop();
    cluster = await startSimulatedCluster({ timeScale: 200, seed: 4, nodes: 2 });
    const refuse = {
      reason: "AppArmor",
      message: "Cannot enforce AppArmor: AppArmor is not enabled on the host",
    };
    cluster.nodeFaults.add({ does: { refuse }, on: { node: "node2", image: "web:" }, forMs: 3_000 });
    run({ spec: { replicas: 4 } });
    const running = () => pods().filter(({ status }) => status.phase === "Running");
    await waitUntil(cluster, "all run", () => running().length === 4);
    expect(failed().length).to.be.at.least(1);
    for (const { spec, status } of failed()) {
      expect(spec.nodeName).to.equal("node2");
      expect(status).to.include({ reason: "AppArmor", message: `Pod was rejected: ${refuse.message}` });
    }
  });

  it("goes when it is deleted", async () => {
    cluster.nodeFaults.add({ does: { refuse: "UnexpectedAdmissionError" }, times: 1 });
    run({});
    await waitUntil(cluster, "it is refused", () => failed().length === 1);
    cluster.store.delete("pods", "shop", failed()[0]?.metadata.name ?? "");
    await waitUntil(cluster, "it is gone", () => failed().length === 0);
  });
});
