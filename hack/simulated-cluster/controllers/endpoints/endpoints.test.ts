import { expect } from "chai";
import type { Pod } from "../../api-server/kinds.ts";
import { exampleDeployment, exampleService } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";

const NAMESPACE = "shop";
const TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time";

describe("the endpoints of a Service", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 8 });
  });

  afterEach(() => cluster.stop());

  const slices = () => cluster.store.list("endpointslices", NAMESPACE);
  const inSlices = () => slices().flatMap(({ endpoints }) => endpoints ?? []);
  const endpoints = () => cluster.store.get("endpoints", NAMESPACE, "web");
  const ready = () => inSlices().filter(({ conditions }) => conditions.ready);
  const pods = () => cluster.store.list("pods", NAMESPACE);
  const service = (spec: Record<string, unknown>, labels?: Record<string, string>) => {
    const manifest = exampleService();
    cluster.store.apply({
      ...manifest,
      metadata: { ...manifest.metadata, ...(labels && { labels }) },
      spec: { ...manifest.spec, ...spec },
    });
  };
  const addresses = (field: "addresses" | "notReadyAddresses") =>
    (endpoints()?.subsets ?? []).flatMap((subset) => subset[field] ?? []);

  async function available(count: number): Promise<void> {
    await waitUntil(cluster, `${count} ready endpoints`, () => ready().length === count);
  }

  it("tell a terminating pod in slices, and not in Endpoints", async () => {
    service({});
    cluster.store.apply(exampleDeployment({ env: { IGNORE_TERM: "1" } }));
    await available(3);
    const name = pods()[0]?.metadata.name ?? "";
    cluster.store.delete("pods", NAMESPACE, name, { gracePeriodSeconds: 20 });
    const gone = () => inSlices().find(({ targetRef }) => targetRef.name === name);
    await waitUntil(cluster, "it terminates", () => gone()?.conditions.terminating === true);
    expect(gone()?.conditions).to.deep.equal({ ready: false, serving: true, terminating: true });
    await waitUntil(cluster, "Endpoints leave it out", () =>
      [...addresses("addresses"), ...addresses("notReadyAddresses")].every(
        ({ targetRef }) => targetRef.name !== name,
      ),
    );
  });

  it("are pods of every Deployment that the Service selects", async () => {
    service({ selector: { part: "web" } });
    for (const name of ["stable", "canary"]) {
      cluster.store.apply(exampleDeployment({ name, labels: { part: "web" }, spec: { replicas: 2 } }));
    }
    await available(4);
    const owners = ready().map(({ targetRef }) => targetRef.name.split("-")[0]);
    expect(owners).to.have.members(["canary", "canary", "stable", "stable"]);
    cluster.store.apply(exampleDeployment({ name: "stable", image: "web:2", spec: { replicas: 2 } }));
    // The stable Deployment's new pods have lost the label: only the canary's are left.
    await available(2);
    expect(ready().every(({ targetRef }) => targetRef.name.startsWith("canary-"))).to.equal(true);
  });

  it("tell pods that are not ready: not ready in slices, apart in Endpoints", async () => {
    service({});
    cluster.store.apply(exampleDeployment({ env: { HEALTH: "500" } }));
    await waitUntil(cluster, "they are listed", () => addresses("notReadyAddresses").length === 3);
    await waitUntil(cluster, "slices, too", () => inSlices().length === 3);
    expect(inSlices().map(({ conditions }) => conditions.ready)).to.deep.equal([false, false, false]);
    expect(addresses("addresses")).to.deep.equal([]);
  });

  it("are all ready when the Service publishes what is not ready", async () => {
    service({ publishNotReadyAddresses: true });
    cluster.store.apply(exampleDeployment({ env: { HEALTH: "500" } }));
    await available(3);
    expect(ready()[0]?.conditions).to.deep.equal({ ready: true, serving: false, terminating: false });
    await waitUntil(cluster, "Endpoints", () => addresses("addresses").length === 3);
  });

  it("are in slices of their own where a named port is missing, and Endpoints leave those pods out", async () => {
    service({ ports: [{ name: "http", port: 80, targetPort: "http" }] });
    cluster.store.apply(exampleDeployment());
    cluster.store.apply(exampleService({ selector: { app: "web" }, targetPort: "http" }));
    const deployment = exampleDeployment({ name: "portless", container: { ports: [] } });
    cluster.store.apply({
      ...deployment,
      spec: {
        ...deployment.spec,
        selector: { matchLabels: { app: "web", kind: "portless" } },
        template: {
          ...deployment.spec.template,
          metadata: { labels: { app: "web", kind: "portless" } },
        },
      },
    });
    await available(6);
    expect(slices().map((slice) => [slice.ports?.length, slice.endpoints?.length])).to.have.deep.members([
      [1, 3],
      [0, 3],
    ]);
    await waitUntil(cluster, "Endpoints", () => addresses("addresses").length === 3);
    await passTime(cluster, 1_000);
    expect(addresses("addresses")).to.have.length(3);
  });

  it("follow a change of the selector, and of a pod's labels", async () => {
    service({});
    cluster.store.apply(exampleDeployment());
    await available(3);
    service({ selector: { app: "web", tier: "front" } });
    await available(0);
    cluster.store.patch("pods", NAMESPACE, pods()[0]?.metadata.name ?? "", {
      metadata: { labels: { tier: "front" } },
    });
    await available(1);
    service({ selector: { tier: "front" } });
    await passTime(cluster, 1_000);
    expect(ready()).to.have.length(1);
    cluster.store.patch("pods", NAMESPACE, pods()[0]?.metadata.name ?? "", {
      metadata: { labels: { tier: "back" } },
    });
    await available(0);
  });

  it("are left alone when the Service has no selector", async () => {
    service({ selector: undefined });
    cluster.store.apply({
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name: "web", namespace: NAMESPACE },
      subsets: [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 80 }] }],
    });
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "pods", () => pods().length === 3);
    await passTime(cluster, 10_000);
    expect(endpoints()?.subsets?.[0]?.addresses?.[0]?.ip).to.equal("192.0.2.1");
    expect(slices()).to.deep.equal([]);
  });

  it("carry the Service's labels, and say when it has no address", async () => {
    service({ clusterIP: "None", ports: [{ port: 80 }] }, { team: "a" });
    cluster.store.apply(exampleDeployment());
    await available(3);
    expect(slices()[0]?.metadata.labels).to.deep.equal({
      team: "a",
      "service.kubernetes.io/headless": "",
      "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      "kubernetes.io/service-name": "web",
    });
    expect(endpoints()?.metadata.labels).to.deep.equal({
      team: "a",
      "service.kubernetes.io/headless": "",
      "endpoints.kubernetes.io/managed-by": "endpoint-controller",
    });
    expect(slices()[0]?.ports).to.deep.equal([{ name: "", port: 80, protocol: "TCP" }]);
    expect(endpoints()?.subsets?.[0]?.ports).to.deep.equal([{ port: 80, protocol: "TCP" }]);
    service({ clusterIP: "None", ports: [{ port: 80 }] }, { team: "b" });
    await waitUntil(cluster, "the new label", () => slices()[0]?.metadata.labels?.["team"] === "b");
  });

  it("say when the change happened that they show", async () => {
    service({});
    cluster.store.apply(exampleDeployment({ spec: { replicas: 1 } }));
    await available(1);
    const readySince = (pod: Pod | undefined) =>
      pod?.status.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime;
    expect(slices()[0]?.metadata.annotations?.[TRIGGER]).to.equal(readySince(pods()[0]));
    await waitUntil(cluster, "Endpoints", () => addresses("addresses").length === 1);
    expect(endpoints()?.metadata.annotations?.[TRIGGER]).to.equal(readySince(pods()[0]));
  });

  it("go with the Service", async () => {
    service({});
    await waitUntil(cluster, "they are there", () => slices().length === 1 && endpoints() !== undefined);
    cluster.store.delete("services", NAMESPACE, "web");
    await waitUntil(cluster, "they are gone", () => slices().length === 0 && endpoints() === undefined);
  });
});
