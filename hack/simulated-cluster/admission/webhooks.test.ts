import { expect } from "chai";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { createTestClient } from "../testing/test-client.ts";
import { waitUntil } from "../wait-until.ts";

const NAMESPACE = "shop";
const INJECTOR = { name: "sidecar-injector.istio.io", url: "https://istiod.istio-system.svc:443/inject" };
const CALL =
  'failed calling webhook "sidecar-injector.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s"';

describe("an admission webhook", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 12 });
  });

  afterEach(() => cluster.stop());

  const pods = () => cluster.store.list("pods", NAMESPACE);
  const refusals = () =>
    cluster.store.list("events", NAMESPACE).filter(({ reason }) => reason === "FailedCreate");
  const replicaFailure = () =>
    cluster.store
      .get("deployments", NAMESPACE, "web")
      ?.status.conditions?.find(({ type }) => type === "ReplicaFailure");
  const refused = () => waitUntil(cluster, "a refusal", () => replicaFailure() !== undefined);

  it("that denies is named with its words, in Events and in the Deployment's condition", async () => {
    cluster.webhooks.add({ name: "validate.kyverno.svc-fail", does: { deny: "no tag latest" } });
    cluster.store.apply(exampleDeployment());
    await refused();
    const words = 'admission webhook "validate.kyverno.svc-fail" denied the request: no tag latest';
    expect(replicaFailure()).to.include({ reason: "FailedCreate", message: words });
    expect(refusals()[0]).to.include({
      message: `Error creating: ${words}`,
      reportingComponent: "replicaset-controller",
    });
  });

  it("that cannot be asked refuses pods for as long as that lasts, and the rollout continues afterwards", async () => {
    cluster.webhooks.add({
      ...INJECTOR,
      does: { fail: "dial tcp 10.96.12.7:443: connect: connection refused" },
      forMs: 20_000,
    });
    cluster.store.apply(exampleDeployment());
    await refused();
    expect(replicaFailure()?.message).to.equal(
      `Internal error occurred: ${CALL}: dial tcp 10.96.12.7:443: connect: connection refused`,
    );
    await waitUntil(cluster, "all pods", () => pods().length === 3);
    await waitUntil(cluster, "no refusal", () => replicaFailure() === undefined);
  });

  it("that does not answer keeps the ReplicaSet controller waiting until each call times out", async () => {
    cluster.webhooks.add({ ...INJECTOR, does: { fail: "context deadline exceeded" }, takesMs: 10_000 });
    const begin = cluster.now();
    cluster.store.apply(exampleDeployment());
    await refused();
    expect(cluster.now() - begin).to.be.within(10_000, 10_500);
    await waitUntil(cluster, "a second try", () => refusals()[0]?.count === 2);
    expect(cluster.now() - begin).to.be.within(20_000, 21_000);
  });

  it("sees only what it is for", async () => {
    cluster.webhooks.add({ name: "a", on: { namespace: "other" }, does: { deny: "no" } });
    cluster.webhooks.add({ name: "b", on: { labels: { app: "other" } }, does: { deny: "no" } });
    const services = cluster.webhooks.add({ name: "c", on: { resource: "services" }, does: { deny: "no" } });
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "all pods", () => pods().length === 3);
    expect(services.calls).to.equal(0);
  });

  it("injects containers, volumes, gates, labels and annotations into pods; the template does not have them", async () => {
    const injector = cluster.webhooks.add({
      ...INJECTOR,
      does: {
        inject: {
          containers: [{ name: "istio-proxy", image: "istio/proxyv2:1.27.1" }],
          initContainers: [{ name: "istio-init", image: "istio/proxyv2:1.27.1" }],
          volumes: [{ name: "workload-socket", emptyDir: {} } as { name: string }],
          readinessGates: ["example.com/routed"],
          labels: { "service.istio.io/canonical-name": "web" },
          annotations: { "sidecar.istio.io/status": "{}" },
        },
      },
    });
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "all pods", () => pods().length === 3);
    const [pod] = pods();
    expect(pod?.spec.containers.map(({ name }) => name)).to.deep.equal(["app", "istio-proxy"]);
    // Defaults apply to what is injected too.
    expect(pod?.spec.containers[1]).to.include({ imagePullPolicy: "IfNotPresent" });
    expect(pod?.spec.initContainers?.map(({ name }) => name)).to.deep.equal(["istio-init"]);
    expect(pod?.spec.volumes?.map(({ name }) => name)).to.deep.equal(["workload-socket"]);
    expect(pod?.spec.readinessGates).to.deep.equal([{ conditionType: "example.com/routed" }]);
    expect(pod?.metadata.labels).to.include({ "service.istio.io/canonical-name": "web" });
    expect(pod?.metadata.annotations).to.include({ "sidecar.istio.io/status": "{}" });
    const [set] = cluster.store.list("replicasets", NAMESPACE);
    expect(set?.spec.template.spec.containers).to.have.length(1);
    injector.end();
    cluster.store.apply(exampleDeployment({ name: "other" }));
    await waitUntil(cluster, "pods of the other", () => pods().length === 6);
    expect(injector.calls).to.equal(3);
  });

  it("for updates changes what they make of an object, or keeps what was there", async () => {
    const on = { resource: "deployments", operation: "UPDATE" } as const;
    const web = () => cluster.store.get("deployments", NAMESPACE, "web");
    const marked = cluster.webhooks.add({
      name: "mark",
      on,
      does: { merge: { spec: { template: { metadata: { annotations: { checked: "yes" } } } } } },
    });
    cluster.store.apply(exampleDeployment({ image: "web:1" }));
    expect(web()?.spec.template.metadata?.annotations?.["checked"]).to.equal(undefined);
    cluster.store.apply(exampleDeployment({ image: "web:2" }));
    expect(web()?.spec.template.metadata?.annotations).to.include({ checked: "yes" });
    expect(web()?.metadata.generation).to.equal(2);
    marked.end();
    cluster.webhooks.add({ name: "keep", on, does: { keep: "template" } });
    cluster.store.patch("deployments", NAMESPACE, "web", { metadata: { annotations: { note: "3" } } });
    cluster.store.apply(exampleDeployment({ image: "web:3" }));
    expect(web()?.spec.template.spec.containers[0]?.image).to.equal("web:2");
    expect(web()?.metadata.annotations).to.include({ note: "3" });
    cluster.webhooks.add({ name: "keep all", on, does: { keep: "object" } });
    cluster.store.patch("deployments", NAMESPACE, "web", { metadata: { annotations: { note: "4" } } });
    expect(web()?.metadata.annotations).to.include({ note: "3" });
  });

  it("adds a container to the template of a workload, once", async () => {
    const on = { resource: "deployments", operation: "UPDATE" } as const;
    const containers = () =>
      cluster.store
        .get("deployments", NAMESPACE, "web")
        ?.spec.template.spec.containers.map(({ name }) => name);
    cluster.store.apply(exampleDeployment({ image: "web:1" }));
    cluster.webhooks.add({
      name: "mesh",
      on,
      does: { inject: { containers: [{ name: "mesh", image: "mesh:1" }] } },
    });
    expect(containers()).to.have.length(1);
    cluster.store.patch("deployments", NAMESPACE, "web", { metadata: { annotations: { note: "1" } } });
    expect(containers()).to.have.length(2).and.to.include("mesh");
    cluster.store.patch("deployments", NAMESPACE, "web", { metadata: { annotations: { note: "2" } } });
    expect(containers()).to.have.length(2);
  });

  it("answers a client over HTTP at once", async () => {
    cluster.webhooks.add({ ...INJECTOR, does: { fail: "context deadline exceeded" }, takesMs: 10_000 });
    const client = createTestClient(cluster.url);
    const body = { metadata: { name: "a" }, spec: { containers: [{ name: "app", image: "web:1" }] } };
    const answer = await client.post("/api/v1/namespaces/default/pods", body);
    expect([answer.code, answer.body["message"]]).to.deep.equal([
      500,
      `Internal error occurred: ${CALL}: context deadline exceeded`,
    ]);
  });
});
