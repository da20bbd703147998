import { expect } from "chai";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { createTestClient } from "../../testing/test-client.ts";

const CONFIG_MAPS = "/api/v1/namespaces/shop/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";

describe("the API server", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
    client = createTestClient(cluster.url);
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  afterEach(() => cluster.stop());

  const configMap = (name: string, data = {}) => ({ metadata: { name }, data });

  it("gives a new object its identity and a resourceVersion that grows with every change", async () => {
    const first = await client.post(CONFIG_MAPS, configMap("a"));
    const second = await client.post(CONFIG_MAPS, configMap("b"));
    expect(first.code).to.equal(201);
    expect(first.body).to.include({ kind: "ConfigMap", apiVersion: "v1" });
    const { metadata } = cluster.store.get("configmaps", "shop", "a") ?? {};
    expect(metadata?.uid).to.match(/^[0-9a-f-]{36}$/);
    expect(metadata?.creationTimestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const version = (answer: typeof first) =>
      Number((answer.body["metadata"] as { resourceVersion: string }).resourceVersion);
    expect(version(second)).to.be.greaterThan(version(first));
  });

  it("makes a name from generateName", async () => {
    const { body } = await client.post(CONFIG_MAPS, { metadata: { generateName: "a-" } });
    expect(body)
      .to.have.nested.property("metadata.name")
      .that.matches(/^a-[a-z0-9]{5}$/);
  });

  it("refuses a second object of a name with 409 AlreadyExists", async () => {
    await client.post(CONFIG_MAPS, configMap("a"));
    const { code, body } = await client.post(CONFIG_MAPS, configMap("a"));
    expect(code).to.equal(409);
    expect(body).to.deep.include({
      kind: "Status",
      status: "Failure",
      reason: "AlreadyExists",
      message: 'configmaps "a" already exists',
      details: { name: "a", kind: "configmaps" },
      code: 409,
    });
  });

  it("answers 404 for an object, a namespace and a resource that are not there", async () => {
    expect((await client.get(`${DEPLOYMENTS}/web`)).body).to.include({
      message: 'deployments.apps "web" not found',
    });
    const inNowhere = await client.post("/api/v1/namespaces/nowhere/configmaps", configMap("a"));
    expect(inNowhere.body).to.include({ code: 404, message: 'namespaces "nowhere" not found' });
    expect((await client.get("/apis/nothing.io/v1/things")).code).to.equal(404);
  });

  it("takes an update with the current resourceVersion or with none, and refuses an old one with 409", async () => {
    const { body } = await client.post(CONFIG_MAPS, configMap("a"));
    const changed = { ...body, data: { x: "1" } };
    expect((await client.put(`${CONFIG_MAPS}/a`, changed)).code).to.equal(200);
    const stale = await client.put(`${CONFIG_MAPS}/a`, { ...body, data: { x: "2" } });
    expect(stale.body).to.include({ code: 409, reason: "Conflict" });
    expect(stale.body["message"]).to.contain("the object has been modified");
    expect((await client.put(`${CONFIG_MAPS}/a`, configMap("a", { x: "3" }))).code).to.equal(200);
  });

  it("does not count a write that changes nothing", async () => {
    const { body } = await client.post(CONFIG_MAPS, configMap("a", { x: "1" }));
    const again = await client.put(`${CONFIG_MAPS}/a`, configMap("a", { x: "1" }));
    expect(again.body["metadata"]).to.deep.equal(body["metadata"]);
  });

  it("counts a generation for a change of the spec, and none for metadata or status", async () => {
    await client.post(DEPLOYMENTS, exampleDeployment());
    const generation = () => cluster.store.get("deployments", "shop", "web")?.metadata.generation;
    await client.mergePatch(`${DEPLOYMENTS}/web`, { metadata: { labels: { a: "b" } } });
    await client.mergePatch(`${DEPLOYMENTS}/web/status`, { status: { replicas: 1 } });
    expect(generation()).to.equal(1);
    await client.mergePatch(`${DEPLOYMENTS}/web`, { spec: { replicas: 5 } });
    expect(generation()).to.equal(2);
  });

  it("ignores the status on the object and the spec on the status", async () => {
    await client.post(DEPLOYMENTS, exampleDeployment());
    await client.mergePatch(`${DEPLOYMENTS}/web`, { spec: { replicas: 5 }, status: { replicas: 9 } });
    await client.mergePatch(`${DEPLOYMENTS}/web/status`, {
      spec: { replicas: 7 },
      status: { readyReplicas: 2 },
    });
    const { spec, status } = cluster.store.get("deployments", "shop", "web") ?? {};
    expect(spec?.replicas).to.equal(5);
    expect(status).to.deep.equal({ readyReplicas: 2 });
  });

  it("carries out a JSON Patch whose tests hold, and refuses one whose tests do not with 422", async () => {
    await client.post(DEPLOYMENTS, exampleDeployment());
    const patch = (generation: number) => [
      { op: "test", path: "/metadata/generation", value: generation },
      { op: "replace", path: "/spec/replicas", value: 1 },
    ];
    const refused = await client.jsonPatch(`${DEPLOYMENTS}/web`, patch(9));
    expect(refused.body).to.include({ code: 422, reason: "Invalid" });
    expect((await client.jsonPatch(`${DEPLOYMENTS}/web`, patch(1))).code).to.equal(200);
    expect(cluster.store.get("deployments", "shop", "web")?.spec.replicas).to.equal(1);
  });

  it("refuses a patch that carries an old resourceVersion with 409", async () => {
    await client.post(CONFIG_MAPS, configMap("a"));
    const answer = await client.mergePatch(`${CONFIG_MAPS}/a`, {
      metadata: { resourceVersion: "1" },
      data: { x: "1" },
    });
    expect(answer.body).to.include({ code: 409, reason: "Conflict" });
  });

  it("refuses patch types that it does not know with 415", async () => {
    await client.post(CONFIG_MAPS, configMap("a"));
    const answer = await client.patch(`${CONFIG_MAPS}/a`, {}, "application/xml-patch+xml");
    expect(answer.code).to.equal(415);
  });

  it("refuses a Deployment whose selector does not match its template, in the words of a real server", async () => {
    const wrong = exampleDeployment({ spec: { selector: { matchLabels: { app: "other" } } } });
    const { code, body } = await client.post(DEPLOYMENTS, wrong);
    expect(code).to.equal(422);
    expect(body["message"]).to.contain(
      'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value',
    );
  });

  it("scales through the scale subresource", async () => {
    await client.post(DEPLOYMENTS, exampleDeployment());
    const { body } = await client.mergePatch(`${DEPLOYMENTS}/web/scale`, { spec: { replicas: 7 } });
    expect(body).to.deep.include({ kind: "Scale", spec: { replicas: 7 } });
    expect(cluster.store.get("deployments", "shop", "web")?.spec.replicas).to.equal(7);
  });

  it("deletes only what the preconditions mean", async () => {
    await client.post(CONFIG_MAPS, configMap("a"));
    const refused = await client.delete(`${CONFIG_MAPS}/a`, { preconditions: { uid: "another" } });
    expect(refused.code).to.equal(409);
    expect((await client.delete(`${CONFIG_MAPS}/a`)).body).to.include({ kind: "Status", status: "Success" });
    expect(cluster.store.get("configmaps", "shop", "a")).to.equal(undefined);
  });

  it("keeps an object with finalizers until they are gone", async () => {
    await client.post(CONFIG_MAPS, { metadata: { name: "a", finalizers: ["x.io/wait"] } });
    await client.delete(`${CONFIG_MAPS}/a`);
    expect(cluster.store.get("configmaps", "shop", "a")?.metadata.deletionTimestamp).to.be.a("string");
    await client.mergePatch(`${CONFIG_MAPS}/a`, { metadata: { finalizers: null } });
    expect(cluster.store.get("configmaps", "shop", "a")).to.equal(undefined);
  });

  it("changes nothing in a dry run", async () => {
    const { code } = await client.post(`${CONFIG_MAPS}?dryRun=All`, configMap("a"));
    expect(code).to.equal(201);
    expect(cluster.store.get("configmaps", "shop", "a")).to.equal(undefined);
  });

  it("shows the cluster's time in the Date of every answer", async () => {
    const past = await startSimulatedCluster({
      startAt: Date.parse("2020-02-02T00:00:00Z"),
      hasControllers: false,
    });
    try {
      const { headers } = await createTestClient(past.url).get("/version");
      expect(headers.get("date")).to.match(/^Sun, 02 Feb 2020 00:00:\d\d GMT$/);
    } finally {
      await past.stop();
    }
  });

  it("lists what it serves for discovery", async () => {
    const { body } = await client.get("/apis/apps/v1");
    const names = (body["resources"] as { name: string }[]).map(({ name }) => name);
    expect(names).to.include.members([
      "deployments",
      "deployments/status",
      "deployments/scale",
      "replicasets",
    ]);
    expect((await client.get("/apis")).body).to.have.property("kind", "APIGroupList");
    expect((await client.get("/readyz")).body).to.deep.equal({ text: "ok" });
  });

  it("logs requests and counts those that are no watches", async () => {
    await client.get(CONFIG_MAPS);
    const watch = await client.watch(`${CONFIG_MAPS}?watch=true`);
    await client.get(`${CONFIG_MAPS}/missing`);
    watch.close();
    const seen = cluster.requests
      .all()
      .map(({ verb, resource, name, status }) => [verb, resource, name, status]);
    expect(seen).to.deep.equal([
      ["list", "configmaps", "", 200],
      ["watch", "configmaps", "", 200],
      ["get", "configmaps", "missing", 404],
    ]);
    expect(cluster.requests.count()).to.equal(2);
    expect(cluster.requests.count(({ status }) => status === 404)).to.equal(1);
  });

  it("closes every connection when it stops", async () => {
    const watch = await client.watch(`${CONFIG_MAPS}?watch=true`);
    expect(cluster.openSockets()).to.be.greaterThan(0);
    expect(cluster.peakSockets()).to.be.greaterThan(0);
    await cluster.stop();
    await watch.ended;
    expect(cluster.openSockets()).to.equal(0);
  });
});
