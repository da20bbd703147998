import { expect } from "chai";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { createTestClient } from "../testing/test-client.ts";
import { passTime, waitUntil } from "../wait-until.ts";

const PODS = "/api/v1/namespaces/default/pods";

describe("the admin endpoint", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 100 });
    client = createTestClient(cluster.url);
  });

  afterEach(() => cluster.stop());

  it("puts a fault in force, tells what it did, and ends it", async () => {
    const fault = { on: { verb: "list", resource: "pods" }, does: { answer: { code: 503 } } };
    const { body } = await client.post("/simulated/faults", fault);
    expect(body).to.deep.include({ ...fault, hits: 0, isActive: true });
    expect((await client.get(PODS)).code).to.equal(503);
    const { body: listed } = await client.get("/simulated/faults");
    expect((listed["faults"] as object[])[0]).to.include({ id: body["id"], hits: 1 });
    await client.delete(`/simulated/faults/${String(body["id"])}`);
    expect((await client.get(PODS)).code).to.equal(200);
  });

  it("is not hit by faults itself", async () => {
    await client.post("/simulated/faults", { does: { answer: { code: 500 } } });
    expect((await client.delete("/simulated/faults")).body).to.deep.equal({ faults: [] });
    expect((await client.get(PODS)).code).to.equal(200);
  });

  for (const [what, fault, message] of [
    ["no effect", {}, /^does: /],
    ["an unknown effect", { does: { explode: true } }, /^does: write exactly one of answer, .*not explode$/],
    ["two effects", { does: { cut: "after", delayMs: 1 } }, /not cut and delayMs$/],
    ["a wrong value", { does: { watch: "stop" } }, /^does\.watch: .*"freeze"/],
    ["an unknown field", { does: { delayMs: 1 }, count: 3 }, /count/],
    ["an unknown verb", { does: { delayMs: 1 }, on: { verb: "put" } }, /^on\.verb: .*"update"/],
    ["a negative time", { does: { delayMs: -1 } }, /^does\.delayMs: /],
    ["a chance above 1", { does: { delayMs: 1 }, probability: 50 }, /^probability: .*1$/],
  ] as const) {
    it(`refuses ${what} and says what to write`, async () => {
      const { code, body } = await client.post("/simulated/faults", fault);
      expect(code).to.equal(400);
      expect(body["message"]).to.match(message);
      expect(cluster.faults.list()).to.deep.equal([]);
    });
  }

  it("puts a fault of nodes in force, says what it hit, and ends it", async () => {
    const image = "registry.example.com/shop:v2";
    await client.put(`/simulated/images/${image}`, { isOnNodes: false });
    const fault = { on: { image }, does: { pull: "throttled" } };
    const { body } = await client.post("/simulated/node-faults", fault);
    expect(body).to.deep.include({ ...fault, hits: 0, isActive: true });
    cluster.store.apply(exampleDeployment({ image, namespace: "default", spec: { replicas: 1 } }));
    const isRunning = () => cluster.store.list("pods", "default")[0]?.status.phase === "Running";
    await waitUntil(cluster, "a pull has failed", () => (cluster.nodeFaults.list()[0]?.hits ?? 0) > 0);
    expect(isRunning()).to.equal(false);
    expect((await client.delete("/simulated/node-faults/node-fault-9")).code).to.equal(404);
    expect((await client.delete("/simulated/node-faults")).body).to.deep.equal({ faults: [] });
    await waitUntil(cluster, "it runs", isRunning);
  });

  for (const [what, fault, message] of [
    ["no effect", { does: {} }, /^does: write exactly one of pull, pullTakesMs, refuse, /],
    ["two effects", { does: { pull: "timeout", create: "nameReserved" } }, /^does: write exactly one of /],
    ["an unknown failure", { does: { pull: "lost" } }, /^does\.pull: .*"throttled"/],
    ["an unknown field", { does: { create: "nameReserved" }, on: { pod: "web" } }, /^on: .*pod/],
  ] as const) {
    it(`refuses a fault of nodes with ${what}, and says what to write`, async () => {
      const { code, body } = await client.post("/simulated/node-faults", fault);
      expect(code).to.equal(400);
      expect(body["message"]).to.match(message);
    });
  }

  it("refuses what is no JSON, and paths that it does not know, with those that it knows", async () => {
    const response = await fetch(`${cluster.url}/simulated/faults`, { method: "POST", body: "{" });
    expect([response.status, await response.text()].join()).to.match(/^400,.*must be JSON/);
    expect((await client.get("/simulated/faluts")).body["message"]).to.contain("POST /simulated/faults");
    expect((await client.delete("/simulated/faults/fault-9")).body["message"]).to.contain("none is in force");
  });

  it("cuts a node off and brings it back", async () => {
    const ready = () => {
      const { status } = cluster.store.get("nodes", "", "node1") ?? {};
      const { conditions } = status as { conditions: { type: string; status: string }[] };
      return conditions.find(({ type }) => type === "Ready")?.status;
    };
    await client.put("/simulated/nodes/node1", { ready: false });
    await waitUntil(cluster, "the node is lost", () => ready() !== "True");
    await client.put("/simulated/nodes/node1", { ready: true });
    await waitUntil(cluster, "the node is back", () => ready() === "True");
    expect((await client.put("/simulated/nodes/none", { ready: true })).body["message"]).to.contain("node1");
    expect((await client.put("/simulated/nodes/node1", {})).body["message"]).to.contain('{"ready": false}');
  });

  it("restarts the API server after its answer, tells the time and forgets history", async () => {
    expect((await client.post("/simulated/restart", { downMs: 1_000 })).code).to.equal(200);
    await waitUntil(cluster, "connections are broken", () => cluster.openSockets() === 0);
    expect(Math.abs((await reportedTime()) - cluster.now())).to.be.below(60_000);
    const since = cluster.store.revision;
    await client.post("/simulated/expire", {});
    const watch = await client.watch(`${PODS}?watch=true&resourceVersion=${since}`);
    await watch.ended;
    expect(watch.lines[0]?.object.code).to.equal(410);
  });

  /** Asks until the server is back. */
  async function reportedTime(): Promise<number> {
    for (;;) {
      try {
        return Date.parse(String((await client.get("/simulated/clock")).body["now"]));
      } catch {
        await passTime(cluster, 100);
      }
    }
  }
});
