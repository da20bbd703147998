import { expect } from "chai";
import { exampleDeployment } from "../../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../../simulated-cluster.ts";
import { createTestClient } from "../../../testing/test-client.ts";

const DEPLOYMENT = "/apis/apps/v1/namespaces/shop/deployments/web";
const CONFIG_MAP = "/api/v1/namespaces/shop/configmaps/a";

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1: Readonly<Record<string, unknown>>;
}

describe("server-side apply", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
    client = createTestClient(cluster.url);
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  afterEach(() => cluster.stop());

  const as = (manager: string, more = "") => `?fieldManager=${manager}${more}`;
  const configMap = (data: object) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
    data,
  });
  const managers = async (path: string) => {
    const { body } = await client.get(path);
    return (body["metadata"] as { managedFields?: readonly Entry[] }).managedFields ?? [];
  };

  it("creates what is not there, owned by the applier as far as it was applied", async () => {
    const { code, body } = await client.applyPatch(CONFIG_MAP + as("one"), configMap({ x: "1" }));
    expect(code).to.equal(201);
    expect(body)
      .to.have.nested.property("metadata.managedFields[0]")
      .that.deep.includes({
        manager: "one",
        operation: "Apply",
        apiVersion: "v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:data": { "f:x": {} } },
      });
  });

  it("refuses to change what another owns, in the words of a real server, and takes it when forced", async () => {
    await client.post(
      `/apis/apps/v1/namespaces/shop/deployments${as("kubectl-client-side-apply")}`,
      exampleDeployment(),
    );
    const applied = { ...exampleDeployment(), spec: { replicas: 7 } };
    const refused = await client.applyPatch(DEPLOYMENT + as("two"), applied);
    expect(refused.body).to.deep.include({
      code: 409,
      reason: "Conflict",
      message:
        'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
      details: {
        causes: [
          {
            reason: "FieldManagerConflict",
            message: 'conflict with "kubectl-client-side-apply" using apps/v1',
            field: ".spec.replicas",
          },
        ],
      },
    });
    expect((await client.applyPatch(`${DEPLOYMENT}${as("two", "&force=true")}`, applied)).code).to.equal(200);
    expect(cluster.store.get("deployments", "shop", "web")?.spec.replicas).to.equal(7);
    const entries = await managers(DEPLOYMENT);
    const first = entries.find(({ manager }) => manager === "kubectl-client-side-apply");
    expect(first?.fieldsV1).to.have.nested.property("f:spec").that.does.not.have.property("f:replicas");
  });

  it("shares a field among those who apply the same value, and lists several conflicts by manager", async () => {
    await client.applyPatch(CONFIG_MAP + as("one"), configMap({ x: "1", y: "1" }));
    expect((await client.applyPatch(CONFIG_MAP + as("two"), configMap({ x: "1" }))).code).to.equal(200);
    const { body } = await client.applyPatch(CONFIG_MAP + as("three"), configMap({ x: "2", y: "2" }));
    expect(body["message"]).to.equal(
      'Apply failed with 3 conflicts: conflicts with "one":\n- .data.x\n- .data.y\nconflicts with "two":\n- .data.x',
    );
  });

  it("removes what is not applied any more, unless another owns it as well", async () => {
    await client.applyPatch(CONFIG_MAP + as("one"), configMap({ x: "1", y: "1", z: "1" }));
    await client.applyPatch(CONFIG_MAP + as("two"), configMap({ y: "1" }));
    const { body } = await client.applyPatch(CONFIG_MAP + as("one"), configMap({ z: "1" }));
    expect(body["data"]).to.deep.equal({ y: "1", z: "1" });
  });

  it("merges lists by the keys of their items, and removes an item as a whole", async () => {
    const withContainers = (...names: string[]) =>
      exampleDeployment({ pod: { containers: names.map((name) => ({ name, image: `${name}:1` })) } });
    await client.applyPatch(DEPLOYMENT + as("one"), withContainers("app", "log"));
    const sidecar = { spec: { template: { spec: { containers: [{ name: "side", image: "side:1" }] } } } };
    await client.applyPatch(DEPLOYMENT + as("two"), { ...exampleDeployment(), ...sidecar });
    await client.applyPatch(DEPLOYMENT + as("one"), withContainers("app"));
    const containers = cluster.store.get("deployments", "shop", "web")?.spec.template.spec.containers ?? [];
    expect(containers.map(({ name }) => name)).to.deep.equal(["app", "side"]);
    const [own] = (await managers(DEPLOYMENT)).filter(({ manager }) => manager === "two");
    expect(own?.fieldsV1).to.deep.equal({
      "f:metadata": { "f:labels": { "f:app": {} } },
      "f:spec": {
        "f:template": {
          "f:spec": { "f:containers": { 'k:{"name":"side"}': { ".": {}, "f:image": {}, "f:name": {} } } },
        },
      },
    });
  });

  it("changes nothing when the same is applied again, also not the resourceVersion", async () => {
    const first = await client.applyPatch(CONFIG_MAP + as("one"), configMap({ x: "1" }));
    const again = await client.applyPatch(CONFIG_MAP + as("one"), configMap({ x: "1" }));
    expect(again.body).to.deep.equal(first.body);
  });

  it("does not change anything in a dry run", async () => {
    const { code, body } = await client.applyPatch(`${CONFIG_MAP}${as("one", "&dryRun=All")}`, configMap({}));
    expect([code, body["kind"]]).to.deep.equal([201, "ConfigMap"]);
    expect(cluster.store.get("configmaps", "shop", "a")).to.equal(undefined);
  });

  it("demands a field manager, and refuses fields that the schema does not have", async () => {
    const nameless = await client.applyPatch(CONFIG_MAP, configMap({}));
    expect(nameless.body).to.include({
      code: 422,
      message:
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    });
    const unknown = await client.applyPatch(CONFIG_MAP + as("one"), { ...configMap({}), datum: {} });
    expect(unknown.body["message"]).to.equal(
      "failed to create typed patch object (shop/a; /v1, Kind=ConfigMap): .datum: field not declared in schema",
    );
  });

  it("refuses to create what was meant to be a certain object", async () => {
    const stale = { ...configMap({}), metadata: { name: "a", uid: "gone" } };
    const { code, body } = await client.applyPatch(CONFIG_MAP + as("one"), stale);
    expect(code).to.equal(409);
    expect(body["message"]).to.contain("uid mismatch");
  });
});

describe("the owners of fields", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
    client = createTestClient(cluster.url);
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  afterEach(() => cluster.stop());

  const entries = async (path: string) => {
    const { body } = await client.get(path);
    const { managedFields = [] } = body["metadata"] as { managedFields?: readonly Entry[] };
    return Object.fromEntries(
      managedFields.map(({ manager, subresource = "", fieldsV1 }) => [`${manager}/${subresource}`, fieldsV1]),
    );
  };

  it("are named as a real server names them for an object that was created", async () => {
    await client.post(
      "/apis/apps/v1/namespaces/shop/deployments?fieldManager=kubectl-create",
      exampleDeployment(),
    );
    const { "kubectl-create/": fields } = await entries(DEPLOYMENT);
    expect(fields).to.have.deep.nested.property("f:metadata", { "f:labels": { ".": {}, "f:app": {} } });
    const spec = fields?.["f:spec"] as Record<string, unknown>;
    expect(spec).to.deep.include({ "f:replicas": {}, "f:selector": {} });
    expect(spec["f:strategy"]).to.deep.equal({
      "f:rollingUpdate": { ".": {}, "f:maxSurge": {}, "f:maxUnavailable": {} },
      "f:type": {},
    });
    expect(JSON.stringify(spec["f:template"])).to.contain(
      `"f:ports":{".":{},"k:{\\"containerPort\\":8080,\\"protocol\\":\\"TCP\\"}":{".":{},"f:containerPort":{}`,
    );
  });

  it("pass to whoever changes a field, by program where no manager is named, apart for each subresource", async () => {
    await client.post("/apis/apps/v1/namespaces/shop/deployments?fieldManager=one", exampleDeployment());
    await client.mergePatch(`${DEPLOYMENT}/scale?fieldManager=kubectl`, { spec: { replicas: 5 } });
    await client.mergePatch(DEPLOYMENT, { spec: { minReadySeconds: 3 } });
    await client.mergePatch(`${DEPLOYMENT}/status?fieldManager=two`, { status: { replicas: 5 } });
    const owners = await entries(DEPLOYMENT);
    expect(owners["one/"]?.["f:spec"]).to.not.have.property("f:replicas");
    expect(owners["kubectl/scale"]).to.deep.equal({ "f:spec": { "f:replicas": {} } });
    expect(owners["node/"]).to.deep.equal({ "f:spec": { "f:minReadySeconds": {} } });
    expect(owners["two/status"]).to.deep.equal({ "f:status": { "f:replicas": {} } });
  });

  it("name the kubelet for a pod's status and the controllers for the rest, also after others wrote", async () => {
    const manifest = { metadata: { name: "p" }, spec: { containers: [{ name: "app", image: "app:1" }] } };
    const pod = cluster.store.create("pods", "shop", manifest);
    cluster.store.updateStatus("pods", { ...pod, status: { ...pod.status, podIP: "10.0.0.1" } });
    const path = "/api/v1/namespaces/shop/pods/p";
    const before = await entries(path);
    expect(Object.keys(before)).to.have.members(["kube-controller-manager/", "kubelet/status"]);
    expect(before["kubelet/status"]).to.have.nested.property("f:status").that.has.property("f:podIP");
    await client.mergePatch(`${path}?fieldManager=me`, { metadata: { labels: { a: "b" } } });
    const after = await entries(path);
    expect(after["me/"]).to.deep.equal({ "f:metadata": { "f:labels": { ".": {}, "f:a": {} } } });
    expect(after["kube-controller-manager/"]).to.deep.equal(before["kube-controller-manager/"]);
  });

  it("can be rewritten by a client, as kubectl does to migrate to server-side apply, and be forgotten", async () => {
    await client.post("/api/v1/namespaces/shop/configmaps?fieldManager=one", {
      metadata: { name: "a" },
      data: { x: "1" },
    });
    const fieldsV1 = { "f:data": { "f:x": {} } };
    const entry = {
      manager: "kubectl",
      operation: "Apply",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1,
    };
    await client.jsonPatch(CONFIG_MAP, [{ op: "replace", path: "/metadata/managedFields", value: [entry] }]);
    expect(await entries(CONFIG_MAP)).to.deep.equal({ "kubectl/": fieldsV1 });
    await client.mergePatch(CONFIG_MAP, { metadata: { managedFields: [{}] } });
    expect(await entries(CONFIG_MAP)).to.deep.equal({});
  });

  it("stay as they are when a client sends back what it got", async () => {
    await client.post("/api/v1/namespaces/shop/configmaps?fieldManager=one", {
      metadata: { name: "a" },
      data: { x: "1" },
    });
    const { body } = await client.get(CONFIG_MAP);
    const again = await client.put(`${CONFIG_MAP}?fieldManager=two`, body);
    expect(again.body).to.deep.equal(body);
  });
});
