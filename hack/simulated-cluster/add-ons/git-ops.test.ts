import { expect } from "chai";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { passTime, waitUntil } from "../wait-until.ts";
import { startGitOps } from "./git-ops.ts";

const NAMESPACE = "shop";

describe("a GitOps controller", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 26 });
  });

  afterEach(() => cluster.stop());

  const live = () => cluster.store.get("deployments", NAMESPACE, "web");
  const image = () => live()?.spec.template.spec.containers[0]?.image;
  const undoByHand = (to: string) => {
    const containers = live()?.spec.template.spec.containers.map((each) => ({ ...each, image: to }));
    cluster.store.patch("deployments", NAMESPACE, "web", { spec: { template: { spec: { containers } } } });
  };

  it("applies its manifest at once, and a new commit at the next sync", async () => {
    const repository = startGitOps(cluster, exampleDeployment({ image: "web:1" }));
    expect(image()).to.equal("web:1");
    repository.commit(exampleDeployment({ image: "web:2" }));
    await passTime(cluster, 1_000);
    expect(image()).to.equal("web:1");
    await waitUntil(cluster, "the next version", () => image() === "web:2", 181_000);
  });

  it("applies it again when somebody else changed the template", async () => {
    startGitOps(cluster, exampleDeployment({ image: "web:2" }), { syncEveryMs: 60_000 });
    undoByHand("web:1");
    await waitUntil(cluster, "the repository's version", () => image() === "web:2", 61_000);
  });

  it("leaves such a change alone when it does not heal", async () => {
    startGitOps(cluster, exampleDeployment({ image: "web:2" }), { selfHeals: false, syncEveryMs: 60_000 });
    undoByHand("web:1");
    await passTime(cluster, 200_000);
    expect(image()).to.equal("web:1");
  });

  it("writes nothing when nothing differs, and leaves replicas to others that it does not set", async () => {
    const { replicas: _replicas, ...spec } = exampleDeployment().spec;
    startGitOps(cluster, { ...exampleDeployment(), spec }, { syncEveryMs: 60_000 });
    cluster.store.patch("deployments", NAMESPACE, "web", { spec: { replicas: 5 } });
    const generation = live()?.metadata.generation;
    await passTime(cluster, 200_000);
    expect([live()?.spec.replicas, live()?.metadata.generation]).to.deep.equal([5, generation]);
  });
});
