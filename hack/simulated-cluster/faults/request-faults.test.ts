import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { createTestClient } from "../testing/test-client.ts";
import { passTime } from "../wait-until.ts";

const PATH = "/api/v1/namespaces/default/configmaps";

describe("a fault that hits requests", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100 });
    client = createTestClient(cluster.url);
    for (const name of ["a", "b", "c"]) add(name);
  });

  afterEach(() => cluster.stop());

  function add(name: string): void {
    cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" } });
  }

  const isThere = (name: string) => cluster.store.get("configmaps", "default", name) !== undefined;
  const create = (name: string) => client.post(PATH, { metadata: { name } });
  const outcome = (promise: Promise<{ code: number }>) =>
    promise.then(
      ({ code }) => code,
      () => "failed",
    );

  for (const [code, reason] of [
    [409, "Conflict"],
    [429, "TooManyRequests"],
    [500, "InternalError"],
    [503, "ServiceUnavailable"],
    [504, "Timeout"],
  ] as const) {
    it(`answers ${code} with the Status of a real server and does not carry the write out`, async () => {
      cluster.faults.add({ does: { answer: { code, retryAfterSeconds: 2 } } });
      const answer = await create("new");
      expect(answer.body).to.deep.include({
        kind: "Status",
        code,
        reason,
        details: { retryAfterSeconds: 2 },
      });
      expect([answer.code, answer.headers.get("retry-after")]).to.deep.equal([code, "2"]);
      expect(isThere("new")).to.equal(false);
    });
  }

  it("answers with another message where it says so", async () => {
    const message = 'admission webhook "policy.example.com" denied the request: busy';
    cluster.faults.add({ does: { answer: { code: 403, message } } });
    const { code, body } = await create("new");
    expect(code).to.equal(403);
    expect(body).to.deep.include({ kind: "Status", reason: "Forbidden", message });
  });

  it("hits as many as it says, of those that match", async () => {
    const fault = cluster.faults.add({
      on: { verb: "write", resource: "configmaps" },
      does: { answer: { code: 500 } },
      times: 2,
    });
    const codes = [];
    for (const name of ["d", "e", "f"]) codes.push((await client.get(PATH)).code, (await create(name)).code);
    expect(codes).to.deep.equal([200, 500, 200, 500, 200, 201]);
    expect([fault.hits, fault.isActive, cluster.faults.list().length]).to.deep.equal([2, false, 0]);
  });

  it("ends after its time, and by hand", async () => {
    cluster.faults.add({ does: { answer: { code: 500 } }, forMs: 100_000 });
    expect((await client.get(PATH)).code).to.equal(500);
    await passTime(cluster, 100_000);
    expect((await client.get(PATH)).code).to.equal(200);
    const fault = cluster.faults.add({ does: { answer: { code: 500 } } });
    fault.end();
    expect((await client.get(PATH)).code).to.equal(200);
  });

  it("knows clients by their user agent, and objects by namespace and name", async () => {
    cluster.faults.add({ on: { userAgent: "rolloutguard/" }, does: { answer: { code: 503 } } });
    cluster.faults.add({ on: { name: ["b", "c"], namespace: "default" }, does: { answer: { code: 500 } } });
    const asOperator = await fetch(`${cluster.url}${PATH}`, { headers: { "user-agent": "rolloutguard/1" } });
    expect(asOperator.status).to.equal(503);
    const codes = await Promise.all(
      ["a", "b", "c"].map(async (name) => (await client.get(`${PATH}/${name}`)).code),
    );
    expect(codes).to.deep.equal([200, 500, 500]);
  });

  it("hits by chance, the same requests with the same seed", async () => {
    const run = async (): Promise<unknown[]> => {
      const other = await startSimulatedCluster({ hasControllers: false, seed: 7 });
      const its = createTestClient(other.url);
      other.faults.add({ does: { answer: { code: 500 } }, probability: 0.5 });
      const codes = [];
      for (let count = 0; count < 30; count++) codes.push((await its.get(PATH)).code);
      await other.stop();
      return codes;
    };
    const first = await run();
    expect(await run()).to.deep.equal(first);
    expect(first).to.include.members([200, 500]);
  });

  it("carries a write out and loses its answer, or loses the write", async () => {
    cluster.faults.add({ on: { name: "" }, does: { cut: "after" }, times: 1 });
    expect([await outcome(create("after")), isThere("after")]).to.deep.equal(["failed", true]);
    cluster.faults.add({ on: { name: "" }, does: { cut: "before" }, times: 1 });
    expect([await outcome(create("before")), isThere("before")]).to.deep.equal(["failed", false]);
  });

  it("leaves a client without an answer on a connection that stays open", async () => {
    cluster.faults.add({ does: { hang: "after" }, times: 1 });
    const aborted = AbortSignal.timeout(200);
    const pending = fetch(`${cluster.url}${PATH}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ metadata: { name: "hung" } }),
      signal: aborted,
    });
    const error = await pending.catch((reason: Error) => reason.name);
    expect([error, isThere("hung")]).to.deep.equal(["TimeoutError", true]);
  });

  it("spoils the JSON of an answer, with a length that is right", async () => {
    cluster.faults.add({ does: { spoil: "json" }, times: 1 });
    const text = await (await fetch(`${cluster.url}${PATH}`)).text();
    expect(text).to.match(/^\{/);
    expect(() => JSON.parse(text) as unknown).to.throw(SyntaxError);
  });

  it("announces an answer and breaks the connection in its middle", async () => {
    cluster.faults.add({ does: { spoil: "half" }, times: 1 });
    const response = await fetch(`${cluster.url}${PATH}`);
    expect(response.status).to.equal(200);
    expect(Number(response.headers.get("content-length"))).to.be.above(0);
    expect(await response.text().catch(() => "broken")).to.equal("broken");
  });

  it("lets a list trickle in over a time of the cluster", async () => {
    cluster.faults.add({ on: { verb: "list" }, does: { slowMs: 5_000 } });
    const begin = cluster.now();
    expect((await client.get(PATH)).body["items"]).to.have.length(3);
    expect(cluster.now() - begin).to.be.at.least(5_000);
  });

  it("adds delays up before the effect of another fault", async () => {
    cluster.faults.add({ does: { delayMs: 1_000 } });
    cluster.faults.add({ does: { delayMs: 1_000 } });
    cluster.faults.add({ does: { answer: { code: 503 } } });
    const begin = cluster.now();
    expect((await client.get(PATH)).code).to.equal(503);
    expect(cluster.now() - begin).to.be.at.least(2_000);
  });

  it("lets a continue token expire, with one for the rest in the answer", async () => {
    const first = await client.get(`${PATH}?limit=1`);
    cluster.faults.add({ does: { expireContinue: true }, times: 1 });
    const next = (first.body["metadata"] as { continue: string }).continue;
    const expired = await client.get(`${PATH}?limit=1&continue=${next}`);
    expect(expired.body).to.include({ code: 410, reason: "Expired" });
    const rest = (expired.body["metadata"] as { continue: string }).continue;
    const items = (await client.get(`${PATH}?continue=${rest}`)).body["items"] as {
      metadata: { name: string };
    }[];
    expect(items.map(({ metadata }) => metadata.name)).to.deep.equal(["b", "c"]);
  });

  it("answers from an older state those who allow it, and nobody else", async () => {
    cluster.faults.add({ does: { stale: true } });
    add("new");
    cluster.store.delete("configmaps", "default", "a");
    const names = async (query: string) =>
      ((await client.get(`${PATH}?${query}`)).body["items"] as { metadata: { name: string } }[]).map(
        ({ metadata }) => metadata.name,
      );
    expect(await names("resourceVersion=0")).to.deep.equal(["a", "b", "c"]);
    expect(await names("")).to.deep.equal(["b", "c", "new"]);
    expect((await client.get(`${PATH}/a?resourceVersion=0`)).code).to.equal(200);
    expect((await client.get(`${PATH}/new?resourceVersion=0`)).code).to.equal(404);
    expect((await client.get(`${PATH}/a`)).code).to.equal(404);
  });
});
