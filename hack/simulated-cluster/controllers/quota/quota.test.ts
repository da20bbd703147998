import { expect } from "chai";
import type { Container, Pod } from "../../api-server/kinds.ts";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { waitUntil } from "../../wait-until.ts";

const NAMESPACE = "shop";

describe("quotas and limits", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 4 });
  });

  afterEach(() => cluster.stop());

  const quota = () => cluster.store.get("resourcequotas", NAMESPACE, "team");
  const pods = () => cluster.store.list("pods", NAMESPACE);

  async function applyQuota(hard: Record<string, string>): Promise<void> {
    cluster.store.apply({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "team", namespace: NAMESPACE },
      spec: { hard },
    });
    await waitUntil(cluster, "the quota is counted", () => quota()?.status.used !== undefined);
  }

  function createPod(name: string, resources?: Container["resources"]): Pod {
    const containers = [{ name: "app", image: "web:1", ...(resources && { resources }) }];
    return cluster.store.create("pods", NAMESPACE, { metadata: { name }, spec: { containers } });
  }

  const used = () => quota()?.status.used;

  it("count what is created at once, and what goes a moment later", async () => {
    await applyQuota({ pods: "2", "requests.cpu": "1", "requests.memory": "1Gi", "count/secrets": "5" });
    expect(used()).to.deep.equal({
      pods: "0",
      "requests.cpu": "0",
      "requests.memory": "0",
      "count/secrets": "0",
    });
    createPod("a", { requests: { cpu: "250m", memory: "512Mi" } });
    cluster.store.create("secrets", NAMESPACE, { metadata: { name: "settings" } });
    expect(used()).to.deep.equal({
      pods: "1",
      "requests.cpu": "250m",
      "requests.memory": "512Mi",
      "count/secrets": "1",
    });
    cluster.store.delete("pods", NAMESPACE, "a", { gracePeriodSeconds: 0 });
    expect(used()).to.include({ pods: "1" });
    await waitUntil(cluster, "the pod is not counted any more", () => used()?.["pods"] === "0");
    expect(used()).to.include({ "requests.cpu": "0", "count/secrets": "1" });
  });

  it("name in a refusal what is exceeded, and nothing else", async () => {
    await applyQuota({ pods: "5", "requests.cpu": "1", "limits.memory": "1Gi" });
    createPod("a", { requests: { cpu: "600m" }, limits: { memory: "1Gi" } });
    expect(() => createPod("b", { requests: { cpu: "500m" }, limits: { memory: "1Mi" } })).to.throw(
      `pods "b" is forbidden: exceeded quota: team, requested: limits.memory=1Mi,requests.cpu=500m, used: limits.memory=1Gi,requests.cpu=600m, limited: limits.memory=1Gi,requests.cpu=1`,
    );
    expect(used()).to.include({ pods: "1" });
  });

  it("refuse pods that do not say what a quota counts", async () => {
    await applyQuota({ "limits.cpu": "4", "requests.memory": "1Gi" });
    expect(() => createPod("a")).to.throw(
      'pods "a" is forbidden: failed quota: team: must specify limits.cpu for: app; requests.memory for: app',
    );
  });

  it("refuse everything until the quota has been counted", () => {
    cluster.store.apply({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "team", namespace: NAMESPACE },
      spec: { hard: { pods: "3" } },
    });
    expect(() => createPod("a")).to.throw("status unknown for quota: team, resources: pods");
  });

  it("do not count what is only tried", async () => {
    await applyQuota({ pods: "2" });
    const body = { metadata: { name: "a" }, spec: { containers: [{ name: "app", image: "web:1" }] } };
    const definition = cluster.parts.objects.resources.named("pods");
    cluster.parts.objects.registry.create(definition, NAMESPACE, body, { isDryRun: true });
    expect(used()).to.deep.equal({ pods: "0" });
  });

  it("hold a rollout up and let it go on when there is room again", async () => {
    await applyQuota({ pods: "3" });
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "all pods", () => used()?.["pods"] === "3");
    cluster.store.apply(exampleDeployment({ image: "web:2" }));
    const condition = () =>
      cluster.store
        .get("deployments", NAMESPACE, "web")
        ?.status.conditions?.find(({ type }) => type === "ReplicaFailure");
    await waitUntil(cluster, "the refusal", () => condition() !== undefined);
    expect(condition()?.message).to.match(
      /^pods "web-[^"]+" is forbidden: exceeded quota: team, requested: pods=1, used: pods=3, limited: pods=3$/,
    );
    await applyQuota({ pods: "4" });
    await waitUntil(cluster, "the refusal is over", () => condition() === undefined);
  });

  it("let a rollout replace one pod after the other where nothing may be added", async () => {
    await applyQuota({ pods: "3" });
    const spec = {
      strategy: { type: "RollingUpdate" as const, rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    };
    cluster.store.apply(exampleDeployment({ spec }));
    await waitUntil(cluster, "all pods", () => used()?.["pods"] === "3");
    cluster.store.apply(exampleDeployment({ image: "web:2", spec }));
    const isNew = (pod: Pod) => pod.spec.containers[0]?.image === "web:2" && pod.status.phase === "Running";
    await waitUntil(cluster, "all are replaced", () => pods().length === 3 && pods().every(isNew));
    const refusals = cluster.store
      .list("events", NAMESPACE)
      .filter(({ reason }) => reason === "FailedCreate");
    // While an old pod ends it still counts.
    expect(refusals.length).to.be.at.least(1);
  });

  it("fill in what a LimitRange gives to containers that state nothing", () => {
    cluster.store.apply({
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "defaults", namespace: NAMESPACE },
      spec: {
        limits: [
          {
            type: "Container",
            default: { cpu: "500m", memory: "256Mi" },
            defaultRequest: { cpu: "100m" },
            max: { cpu: "1" },
          },
        ],
      },
    });
    const pod = createPod("a", { limits: { memory: "1Gi" } });
    expect(pod.spec.containers[0]?.resources).to.deep.equal({
      limits: { cpu: "500m", memory: "1Gi" },
      requests: { cpu: "100m", memory: "1Gi" },
    });
    expect(pod.metadata.annotations).to.deep.equal({
      "kubernetes.io/limit-ranger":
        "LimitRanger plugin set: cpu request for container app; cpu limit for container app",
    });
    expect(pod.status.qosClass).to.equal("Burstable");
    expect(() => createPod("b", { limits: { cpu: "2" } })).to.throw(
      'pods "b" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
    );
    expect(pods()).to.have.length(1);
  });
});
