import { expect } from "chai";
import { ApiError } from "../api-server/api-error.ts";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { waitUntil } from "../wait-until.ts";

const NAMESPACE = "shop";

describe("disruption budgets", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 10 });
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "three pods", () => available() === 3);
  });

  afterEach(() => cluster.stop());

  const available = () => cluster.store.get("deployments", NAMESPACE, "web")?.status.availableReplicas;
  const pods = () => cluster.store.list("pods", NAMESPACE);
  const status = () => cluster.store.get("poddisruptionbudgets", NAMESPACE, "web")?.status;

  async function applyBudget(name: string, spec: Record<string, unknown>): Promise<void> {
    const selector = { matchLabels: { app: "web" } };
    cluster.store.apply({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name, namespace: NAMESPACE },
      spec: { selector, ...spec },
    });
    await waitUntil(cluster, "it is counted", () => {
      const budget = cluster.store.get("poddisruptionbudgets", NAMESPACE, name);
      return budget?.status.observedGeneration === budget?.metadata.generation;
    });
  }

  function refusalOf(name: string): ApiError {
    try {
      cluster.evictPod(NAMESPACE, name);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    throw new Error("It was evicted.");
  }

  const budgets: readonly (readonly [string, Record<string, unknown>, number])[] = [
    ["a number that must stay", { minAvailable: 2 }, 1],
    ["a share that must stay, rounded up", { minAvailable: "50%" }, 1],
    ["a number that may go", { maxUnavailable: 2 }, 2],
    ["a share that may go, rounded up", { maxUnavailable: "40%" }, 2],
    ["all must stay", { minAvailable: "100%" }, 0],
  ];
  for (const [what, spec, allowed] of budgets) {
    it(`allow what they say: ${what}`, async () => {
      await applyBudget("web", spec);
      expect(status()).to.include({
        disruptionsAllowed: allowed,
        currentHealthy: 3,
        desiredHealthy: 3 - allowed,
        expectedPods: 3,
      });
    });
  }

  it("refuse an eviction that is too much, and allow it when the pods are back", async () => {
    await applyBudget("web", { maxUnavailable: 1 });
    const [first, second] = pods().map(({ metadata }) => metadata.name);
    cluster.evictPod(NAMESPACE, first ?? "");
    const refusal = refusalOf(second ?? "");
    expect(refusal.code).to.equal(429);
    expect(refusal.reason).to.equal("TooManyRequests");
    expect(refusal.message).to.equal("Cannot evict pod as it would violate the pod's disruption budget.");
    expect(refusal.details?.causes?.[0]).to.include({ reason: "DisruptionBudget" });
    expect(refusal.details?.causes?.[0]?.message).to.match(
      /^The disruption budget web needs 2 healthy pods and has \d currently$/,
    );
    expect(pods().find(({ metadata }) => metadata.name === second)?.metadata.deletionTimestamp).to.equal(
      undefined,
    );
    await waitUntil(cluster, "three healthy pods", () => status()?.disruptionsAllowed === 1);
    cluster.evictPod(NAMESPACE, second ?? "");
  });

  it("do not hold pods that they do not select, nor mere deletions", async () => {
    await applyBudget("web", { minAvailable: "100%" });
    const [pod] = pods();
    cluster.store.delete("pods", NAMESPACE, pod?.metadata.name ?? "");
    cluster.store.apply(exampleDeployment({ name: "other" }));
    const other = () => pods().find(({ metadata }) => metadata.labels?.["app"] === "other");
    await waitUntil(cluster, "another pod", () => other()?.status.phase === "Running");
    cluster.evictPod(NAMESPACE, other()?.metadata.name ?? "");
  });
});
