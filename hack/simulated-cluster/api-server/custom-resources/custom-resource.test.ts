import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { createTestClient } from "../../testing/test-client.ts";

const PATH = "/apis/example.io/v1/namespaces/default/widgets";

describe("a custom resource", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  beforeEach(async () => {
    const crdFolder = fileURLToPath(new URL("fixtures", import.meta.url));
    cluster = await startSimulatedCluster({ crdFolder, hasControllers: false });
    client = createTestClient(cluster.url);
  });

  afterEach(() => cluster.stop());

  const widget = (spec: object, name = "w") => ({
    apiVersion: "example.io/v1",
    kind: "Widget",
    metadata: { name },
    spec,
  });

  it("gets the defaults of its schema, also below defaults", async () => {
    const { body } = await client.post(PATH, widget({ size: 1 }));
    expect(body["spec"]).to.deep.equal({ size: 1, color: "red", nested: { depth: 2 } });
  });

  it("loses unknown fields, but where the schema keeps them", async () => {
    const { body, headers } = await client.post(PATH, {
      ...widget({ size: 1, wrong: 1, free: { any: 1 } }),
      extra: 1,
    });
    expect(body).to.not.have.property("extra");
    expect(body["spec"]).to.not.have.property("wrong");
    expect(body["spec"]).to.deep.include({ free: { any: 1 } });
    expect(headers.get("warning")).to.contain('unknown field \\"spec.wrong\\"');
  });

  it("is refused for unknown fields under strict validation", async () => {
    const { code, body } = await client.post(`${PATH}?fieldValidation=Strict`, widget({ size: 1, wrong: 1 }));
    expect(code).to.equal(400);
    expect(body["message"]).to.contain('strict decoding error: unknown field "spec.wrong"');
  });

  // Rules are looked at only when the form is right; a real server says so.
  const notChecked = (fault: string) =>
    `[${fault}, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]`;

  for (const [what, spec, message] of [
    ["a missing field", {}, notChecked("spec.size: Required value")],
    [
      "a wrong type",
      { size: "x" },
      notChecked('spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'),
    ],
    [
      "a number too small",
      { size: 0 },
      "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
    ],
    [
      "a value that is not offered",
      { size: 1, color: "green" },
      notChecked('spec.color: Unsupported value: "green": supported values: "red", "blue"'),
    ],
    [
      "a text of another form",
      { size: 1, name: "A1" },
      `spec.name: Invalid value: "A1": spec.name in body should match '^[a-z]+$'`,
    ],
    [
      "a text too long",
      { size: 1, name: "abcdef" },
      notChecked("spec.name: Too long: may not be more than 5 bytes"),
    ],
    [
      "a list too long",
      { size: 1, parts: ["a", "b", "c"] },
      notChecked("spec.parts: Too many: 3: must have at most 2 items"),
    ],
    [
      "a broken CEL rule that words its message itself",
      { size: 1, parts: ["x"] },
      "spec.parts: Forbidden: no x among the 1 parts",
    ],
    ["a broken CEL rule", { size: 7 }, "spec: Invalid value: big widgets are blue"],
  ] as const) {
    it(`is refused for ${what}, in the words of a real server`, async () => {
      const { code, body } = await client.post(PATH, widget(spec));
      expect(code).to.equal(422);
      expect(body["message"]).to.equal(`Widget.example.io "w" is invalid: ${message}`);
    });
  }

  it("names every fault at once", async () => {
    const { body } = await client.post(PATH, widget({ size: 10, color: "green" }));
    expect(body["message"]).to.match(/is invalid: \[spec\.size: .*, spec\.color: .*, <nil>: .*\]$/);
    expect(body).to.have.nested.property("details.causes").with.length(3);
  });

  it("obeys transition rules on updates only", async () => {
    expect((await client.post(PATH, widget({ size: 1, name: "abc" }))).code).to.equal(201);
    const { code, body } = await client.mergePatch(`${PATH}/w`, { spec: { name: "abd" } });
    expect(code).to.equal(422);
    expect(body["message"]).to.contain("the name stays");
  });

  it("keeps spec and status apart, and counts generations of the spec", async () => {
    await client.post(PATH, { ...widget({ size: 1 }), status: { phase: "Forged" } });
    expect(cluster.store.get("widgets", "default", "w")).to.not.have.property("status");
    const { body } = await client.mergePatch(`${PATH}/w/status`, {
      spec: { size: 3 },
      status: { phase: "Ok", more: 1 },
    });
    expect(body).to.deep.include({ status: { phase: "Ok" } });
    expect(body).to.have.nested.property("spec.size", 1);
    expect(body).to.have.nested.property("metadata.generation", 1);
  });

  it("is served as soon as its CRD is created, and gone with it", async () => {
    const crd = cluster.store.get("customresourcedefinitions", "", "widgets.example.io");
    await client.post(PATH, widget({ size: 1 }));
    await client.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.io");
    expect((await client.get(PATH)).code).to.equal(404);
    const { apiVersion, kind, spec } = crd ?? {};
    await client.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      apiVersion,
      kind,
      metadata: { name: "widgets.example.io" },
      spec,
    });
    const { code, body } = await client.get(PATH);
    expect([code, body["items"]]).to.deep.equal([200, []]);
  });
});
