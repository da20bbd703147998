// The mirror of a cluster stays true whatever happens to its watches.
import { expect } from "chai";
import { type ClusterClient, connectCluster } from "./cluster-client.ts";
import { type Mirror, startMirror } from "./mirror.ts";
import { type SimulatedUnderTest, startSimulatedUnderTest } from "./simulated.ts";

const OURS = "ours";

describe("the mirror", () => {
  let cluster: SimulatedUnderTest;
  let client: ClusterClient;
  let mirror: Mirror;

  beforeEach(async () => {
    cluster = await startSimulatedUnderTest(20);
    client = connectCluster(cluster.kubeConfig);
    mirror = startMirror(cluster, client, (namespace) => namespace === OURS);
    await mirror.filled;
  });
  afterEach(async () => {
    mirror.stop();
    await client.close();
    await cluster.stop();
  });

  function applyGuard(name: string, namespace = OURS): void {
    cluster.simulated.store.apply({
      apiVersion: "rolloutguard.io/v1alpha1",
      kind: "RolloutGuard",
      metadata: { namespace, name },
      spec: { target: { name } },
    });
  }

  const names = () => mirror.list("rolloutguards", OURS).map(({ metadata }) => metadata.name);
  const seen = (wanted: readonly string[]) =>
    mirror.await(OURS, () => names().join() === wanted.join(), 400_000);

  it("has what is in its namespaces, and nothing of others", async () => {
    applyGuard("alien", "another");
    applyGuard("first");
    expect(await seen(["first"])).to.equal(true);
    expect(mirror.list("rolloutguards", "another")).to.deep.equal([]);
  });

  it("tells what went while its watches were broken", async () => {
    applyGuard("first");
    await seen(["first"]);
    cluster.simulated.cutWatches();
    cluster.simulated.store.delete("rolloutguards", OURS, "first");
    applyGuard("second");
    expect(await seen(["second"])).to.equal(true);
    const reported = mirror
      .changes("rolloutguards", OURS)
      .map(({ type, object: { metadata } }) => `${type} ${metadata.name}`);
    expect(reported).to.have.members(["ADDED first", "DELETED first", "ADDED second"]);
  });

  it("lists anew when the server has forgotten where the watches were", async () => {
    applyGuard("first");
    await seen(["first"]);
    cluster.simulated.expireResourceVersions();
    cluster.simulated.cutWatches();
    applyGuard("second");
    expect(await seen(["first", "second"])).to.equal(true);
  });

  it("resolves with nothing when what is waited for does not come", async () => {
    expect(await mirror.await(OURS, () => names().includes("never"), 500)).to.equal(undefined);
  });

  it("passes on what goes wrong in a look", async () => {
    const looking = mirror.await(
      OURS,
      () => {
        throw new Error("no such thing");
      },
      500,
    );
    const problem = await looking.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(problem).to.be.instanceOf(Error).with.property("message", "no such thing");
  });
});
