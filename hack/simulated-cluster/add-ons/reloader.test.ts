import { expect } from "chai";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { passTime, waitUntil } from "../wait-until.ts";
import { startReloader } from "./reloader.ts";

const NAMESPACE = "shop";

describe("Reloader", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 25 });
  });

  afterEach(() => cluster.stop());

  const template = () => cluster.store.get("deployments", NAMESPACE, "web")?.spec.template;
  const generation = () => cluster.store.get("deployments", NAMESPACE, "web")?.metadata.generation;

  function apply(kind: "ConfigMap" | "Secret", name: string, value: string): void {
    cluster.store.apply({
      apiVersion: "v1",
      kind,
      metadata: { name, namespace: NAMESPACE },
      data: { LEVEL: Buffer.from(value).toString("base64") },
    });
  }

  function deploy(options: Parameters<typeof exampleDeployment>[0], auto = "true"): void {
    const manifest = exampleDeployment(options);
    const annotations = { "reloader.stakater.com/auto": auto };
    cluster.store.apply({ ...manifest, metadata: { ...manifest.metadata, annotations } });
  }

  const environment = { container: { envFrom: [{ configMapRef: { name: "web-settings" } }] } };

  it("restarts by a variable with the hash of what changed, and nothing else in the template", async () => {
    startReloader(cluster);
    apply("ConfigMap", "web-settings", "info");
    deploy(environment);
    const before = template();
    apply("ConfigMap", "web-settings", "debug");
    await waitUntil(cluster, "the restart", () => generation() === 2);
    const [container] = template()?.spec.containers ?? [];
    expect(container?.env).to.have.length(1);
    expect(container?.env?.[0]?.name).to.equal("STAKATER_WEB_SETTINGS_CONFIGMAP");
    expect(container?.env?.[0]?.value).to.match(/^[0-9a-f]{40}$/);
    const { env: _env, ...rest } = container ?? {};
    const { env: _before, ...restBefore } = before?.spec.containers[0] ?? {};
    expect(rest).to.deep.equal(restBefore);
    apply("ConfigMap", "web-settings", "trace");
    await waitUntil(cluster, "another restart", () => generation() === 3);
    expect(template()?.spec.containers[0]?.env).to.have.length(1);
    expect(
      cluster.store
        .list("events", NAMESPACE)
        .filter(({ reason }) => reason === "Reloaded")
        .map(({ message }) => message),
    ).to.deep.equal([
      "Changes detected in 'web-settings' of type 'CONFIGMAP' in namespace 'shop', Updated 'web' of type 'Deployment' in namespace 'shop'",
    ]);
  });

  it("restarts by an annotation with that strategy", async () => {
    startReloader(cluster, { strategy: "annotations" });
    apply("Secret", "web-db", "one");
    deploy({ pod: { volumes: [{ name: "db", secret: { secretName: "web-db" } }] } });
    apply("Secret", "web-db", "two");
    await waitUntil(cluster, "the restart", () => generation() === 2);
    const mark = template()?.metadata?.annotations?.["reloader.stakater.com/last-reloaded-from"];
    expect(JSON.parse(mark ?? "")).to.include({ type: "SECRET", name: "web-db", namespace: NAMESPACE });
    expect(template()?.spec.containers[0]?.env).to.equal(undefined);
  });

  it("leaves alone who did not ask, who uses something else, and what only got a label", async () => {
    startReloader(cluster);
    apply("ConfigMap", "web-settings", "info");
    apply("ConfigMap", "other", "info");
    deploy(environment, "false");
    const before = template();
    apply("ConfigMap", "web-settings", "debug");
    await passTime(cluster, 5_000);
    expect(template()).to.deep.equal(before);
    deploy(environment);
    apply("ConfigMap", "other", "debug");
    const labels = { team: "shop" };
    cluster.store.patch("configmaps", NAMESPACE, "web-settings", { metadata: { labels } });
    await passTime(cluster, 5_000);
    expect(template()).to.deep.equal(before);
  });
});
