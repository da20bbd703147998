import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { createTestClient } from "../testing/test-client.ts";

const PATH = "/api/v1/namespaces/default/configmaps";

describe("a fault on demand", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100 });
    client = createTestClient(cluster.url);
  });

  afterEach(() => cluster.stop());

  const body = { metadata: { name: "a" } };
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => "answered",
      () => "failed",
    );

  it("answers instead of the server, until the handler is removed", async () => {
    const remove = cluster.onRequest(({ verb }) =>
      verb === "create"
        ? { answer: { code: 429, body: { kind: "Status" }, headers: { "retry-after": "1" } } }
        : undefined,
    );
    const refused = await client.post(PATH, body);
    expect([refused.code, refused.headers.get("retry-after")]).to.deep.equal([429, "1"]);
    expect(cluster.store.get("configmaps", "default", "a")).to.equal(undefined);
    remove();
    expect((await client.post(PATH, body)).code).to.equal(201);
  });

  it("cuts the connection before anything is done", async () => {
    cluster.onRequest(({ verb }) => (verb === "create" ? { cut: "before" } : undefined));
    expect(await failure(client.post(PATH, body))).to.equal("failed");
    expect(cluster.store.get("configmaps", "default", "a")).to.equal(undefined);
  });

  it("carries a write out and loses its answer", async () => {
    cluster.onRequest(({ verb }) => (verb === "create" ? { cut: "after" } : undefined));
    expect(await failure(client.post(PATH, body))).to.equal("failed");
    expect(cluster.store.get("configmaps", "default", "a")).to.not.equal(undefined);
    expect(cluster.requests.all().at(-1)).to.include({ verb: "create", status: 201 });
  });

  it("delays by the cluster's time", async () => {
    const begin = cluster.now();
    cluster.onRequest(() => ({ delayMs: 3_000 }));
    expect((await client.get(PATH)).code).to.equal(200);
    expect(cluster.now() - begin).to.be.at.least(3_000);
  });
});
