import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { createTestClient, type OpenWatch } from "../testing/test-client.ts";
import { passTime, waitUntil } from "../wait-until.ts";

const PATH = "/api/v1/namespaces/shop/configmaps";

describe("a fault that hits watches", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;
  let watch: OpenWatch;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100 });
    client = createTestClient(cluster.url);
    add("first");
    watch = await open();
  });

  afterEach(async () => {
    watch.close();
    await cluster.stop();
  });

  function add(name: string): void {
    cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" } });
  }

  const open = (path = PATH) => client.watch(`${path}?watch=true&resourceVersion=${cluster.store.revision}`);
  const seen = ({ lines }: OpenWatch = watch) =>
    lines.map(({ type, object }) => `${type} ${object.metadata.name ?? object.code}`);
  const arrived = (count: number) => waitUntil(cluster, `${count} lines`, () => watch.lines.length >= count);

  it("cuts those that are open, and lets new ones be", async () => {
    const fault = cluster.faults.add({ on: { resource: "configmaps" }, does: { watch: "cut" }, forMs: 0 });
    await watch.ended;
    const next = await open();
    add("second");
    await waitUntil(cluster, "the next watch sees it", () => next.lines.length === 1);
    expect([fault.hits, fault.isActive]).to.deep.equal([1, false]);
    next.close();
  });

  it("leaves watches of other resources alone", async () => {
    cluster.faults.add({ on: { resource: "pods" }, does: { watch: "cut" }, forMs: 0 });
    add("second");
    await arrived(1);
    expect(seen()).to.deep.equal(["ADDED second"]);
  });

  it("freezes them, new ones too, and lets the backlog come in order afterwards", async () => {
    const fault = cluster.faults.add({ does: { watch: "freeze" } });
    const later = await open();
    for (const name of ["second", "third", "fourth"]) add(name);
    await passTime(cluster, 5_000);
    expect([seen(), seen(later)]).to.deep.equal([[], []]);
    fault.end();
    await arrived(3);
    expect(seen()).to.deep.equal(["ADDED second", "ADDED third", "ADDED fourth"]);
    add("fifth");
    await arrived(4);
    expect(cluster.openWatches()).to.equal(2);
    later.close();
  });

  it("freezes as many as it says and keeps them frozen until it ends", async () => {
    const fault = cluster.faults.add({ does: { watch: "freeze" }, times: 1 });
    const free = await open();
    add("second");
    await waitUntil(cluster, "the other sees it", () => free.lines.length === 1);
    expect(seen()).to.deep.equal([]);
    fault.end();
    await arrived(1);
    free.close();
  });

  it("lets them die: they stay open and silent for good, and only a new one helps", async () => {
    cluster.faults.add({ does: { watch: "die" }, forMs: 0 });
    add("second");
    await passTime(cluster, 20_000);
    const next = await open();
    add("third");
    await waitUntil(cluster, "the new one sees it", () => next.lines.length === 1);
    expect(seen()).to.deep.equal([]);
    expect(cluster.openWatches()).to.equal(2);
    next.close();
  });

  it("delays every event, in order", async () => {
    const fault = cluster.faults.add({ does: { watchDelayMs: 10_000 } });
    const begin = cluster.now();
    add("second");
    add("third");
    await arrived(2);
    expect(cluster.now() - begin).to.be.at.least(10_000);
    expect(seen()).to.deep.equal(["ADDED second", "ADDED third"]);
    add("fourth");
    fault.end();
    await arrived(3);
    expect(cluster.now() - begin).to.be.below(60_000);
  });

  it("says in mid-watch that the resourceVersion is too old, and ends", async () => {
    cluster.faults.add({ does: { watch: "expire" }, forMs: 0 });
    await watch.ended;
    expect(watch.lines).to.have.length(1);
    expect(watch.lines[0]).to.deep.include({ type: "ERROR" });
    expect(watch.lines[0]?.object).to.deep.include({ code: 410, reason: "Expired" });
  });

  it("ends them properly", async () => {
    const response = await fetch(`${cluster.url}${PATH}?watch=true`);
    cluster.faults.add({ does: { watch: "end" }, forMs: 0 });
    expect(await response.text()).to.match(/^\{"type":"ADDED".*\}\n$/);
  });

  it("sends half a line and breaks the connection", async () => {
    const response = await fetch(
      `${cluster.url}${PATH}?watch=true&resourceVersion=${cluster.store.revision}`,
    );
    cluster.faults.add({ does: { watch: "halfLine" }, forMs: 0 });
    add("second");
    let text = "";
    const decoder = new TextDecoder();
    const read = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array);
    };
    expect(await read().catch(() => "broken")).to.equal("broken");
    expect(text).to.match(/^\{"type":"ADDED"/);
    expect(text).to.not.contain("\n");
  });

  it("sends a line that is not JSON, and goes on", async () => {
    const abort = new AbortController();
    const response = await fetch(
      `${cluster.url}${PATH}?watch=true&resourceVersion=${cluster.store.revision}`,
      { signal: abort.signal },
    );
    cluster.faults.add({ does: { watch: "brokenLine" }, forMs: 0 });
    add("second");
    add("third");
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array);
      if (text.split("\n").length === 3) break;
    }
    const [broken = "", whole = ""] = text.split("\n");
    expect(() => JSON.parse(broken) as unknown).to.throw(SyntaxError);
    expect(JSON.parse(whole)).to.have.nested.property("object.metadata.name", "third");
    abort.abort();
  });
});

describe("a restart of the API server", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 100 });
    client = createTestClient(cluster.url);
  });

  afterEach(() => cluster.stop());

  const add = (name: string) =>
    cluster.store.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" } });

  it("breaks every connection, refuses new ones for a while, and then goes on where it was", async () => {
    const since = cluster.store.revision;
    const watch = await client.watch(`${PATH}?watch=true&resourceVersion=${since}`);
    const restarted = cluster.restartApiServer({ downMs: 10_000 });
    await watch.ended;
    const refused = await client.get(PATH).catch((error: Error) => (error.cause as { code: string }).code);
    expect(refused).to.equal("ECONNREFUSED");
    add("meanwhile");
    await restarted;
    const next = await client.watch(`${PATH}?watch=true&resourceVersion=${since}`);
    await waitUntil(cluster, "what was missed", () => next.lines.length === 1);
    expect(next.lines[0]?.object.metadata.name).to.equal("meanwhile");
    next.close();
  });

  it("without its memory answers older resourceVersions with 410", async () => {
    add("before");
    const since = cluster.store.revision;
    await cluster.restartApiServer({ keepsHistory: false });
    const watch = await client.watch(`${PATH}?watch=true&resourceVersion=${since}`);
    await watch.ended;
    expect(watch.lines.map(({ object }) => object.code)).to.deep.equal([410]);
    expect((await client.get(`${PATH}/before`)).code).to.equal(200);
  });
});
