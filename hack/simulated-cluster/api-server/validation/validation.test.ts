import { expect } from "chai";
import { exampleDeployment, exampleService } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { createTestClient } from "../../testing/test-client.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";
const CORE = "/api/v1/namespaces/shop";

describe("what users write to built-in kinds", () => {
  let cluster: SimulatedCluster;
  let client: ReturnType<typeof createTestClient>;

  before(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
    client = createTestClient(cluster.url);
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  });

  after(() => cluster.stop());

  const POD = "spec.template.spec";
  const port = (containerPort: number) => ({ container: { ports: [{ containerPort }] } });
  for (const [what, options, message] of [
    [
      "a count below 0",
      { spec: { replicas: -1 } },
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    ],
    ["no image", { container: { image: "" } }, `${POD}.containers[0].image: Required value`],
    [
      "a port that is none",
      port(70_000),
      `${POD}.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
    ],
    [
      "an unknown pull policy",
      { container: { imagePullPolicy: "Sometimes" as "Always" } },
      `${POD}.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
    ],
    [
      "a mount without volume",
      { container: { volumeMounts: [{ name: "data", mountPath: "/data" }] } },
      `${POD}.containers[0].volumeMounts[0].name: Not found: "data"`,
    ],
    [
      "more asked for than allowed",
      { container: { resources: { requests: { memory: "1Gi" }, limits: { memory: "64Mi" } } } },
      `${POD}.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 64Mi`,
    ],
    [
      "a probe without handler",
      { container: { livenessProbe: { periodSeconds: 1 } } },
      `${POD}.containers[0].livenessProbe: Required value: must specify a handler type`,
    ],
    [
      "pods that end",
      { pod: { restartPolicy: "Never" as const } },
      `${POD}.restartPolicy: Unsupported value: "Never": supported values: "Always"`,
    ],
    [
      "a rolling update of a Recreate",
      { spec: { strategy: { type: "Recreate" as const, rollingUpdate: { maxSurge: 1 } } } },
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      "a deadline before readiness",
      { spec: { progressDeadlineSeconds: 5, minReadySeconds: 5 } },
      "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds",
    ],
  ] as const) {
    it(`is refused for ${what}, in the words of a real server`, async () => {
      const { code, body } = await client.post(DEPLOYMENTS, exampleDeployment(options));
      expect([code, body["message"]]).to.deep.equal([422, `Deployment.apps "web" is invalid: ${message}`]);
    });
  }

  it("is refused for two containers of one name", async () => {
    const containers = [1, 2].map((n) => ({ name: "app", image: `app:${n}` }));
    const { body } = await client.post(DEPLOYMENTS, exampleDeployment({ pod: { containers } }));
    expect(body["message"]).to.contain(`${POD}.containers[1].name: Duplicate value: "app"`);
  });

  it("is refused for names and labels that are none", async () => {
    const { body } = await client.post(`${CORE}/configmaps`, {
      metadata: { name: "A_b", labels: { "a b": "c d" } },
    });
    expect(body).to.have.nested.property("details.causes").with.length(3);
    expect(body["message"]).to.match(
      /metadata\.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must/,
    );
    const service = await client.post(`${CORE}/services`, exampleService({ name: "1web" }));
    expect(service.body["message"]).to.contain("a DNS-1035 label must consist of");
  });

  it("is refused for a Service with two ports that have no names", async () => {
    const service = { ...exampleService(), spec: { ports: [{ port: 80 }, { port: 81 }] } };
    const { body } = await client.post(`${CORE}/services`, service);
    expect(body["message"]).to.equal(
      'Service "web" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
    );
  });

  it("is refused for changes of an immutable ConfigMap, of a Secret's type and of a running pod", async () => {
    await client.post(`${CORE}/configmaps`, {
      metadata: { name: "fixed" },
      immutable: true,
      data: { a: "1" },
    });
    const data = await client.mergePatch(`${CORE}/configmaps/fixed`, { data: { a: "2" } });
    expect(data.body["message"]).to.contain("data: Forbidden: field is immutable when `immutable` is set");
    await client.post(`${CORE}/secrets`, { metadata: { name: "s" }, stringData: { a: "1" } });
    expect(cluster.store.get("secrets", "shop", "s")?.data).to.deep.equal({ a: "MQ==" });
    const type = await client.mergePatch(`${CORE}/secrets/s`, { type: "other" });
    expect(type.body["message"]).to.contain('type: Invalid value: "other": field is immutable');
    const containers = [{ name: "app", image: "app:1" }];
    await client.post(`${CORE}/pods`, { metadata: { name: "p" }, spec: { containers } });
    const image = await client.strategicMergePatch(`${CORE}/pods/p`, {
      spec: { containers: [{ name: "app", image: "app:2" }] },
    });
    expect(image.code).to.equal(200);
    const spec = await client.mergePatch(`${CORE}/pods/p`, { spec: { hostNetwork: true } });
    expect(spec.body["message"]).to.contain("spec: Forbidden: pod updates may not change fields other than");
  });

  for (const [spec, code, message] of [
    [{ holderIdentity: "" }, 201, undefined],
    [{ leaseDurationSeconds: 0 }, 422, "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"],
    [
      { leaseTransitions: -1 },
      422,
      "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      { preferredHolder: "a" },
      422,
      "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined",
    ],
    [{ renewTime: "2026-03-01T10:00:00.005000Z" }, 201, undefined],
    [
      { renewTime: "2026-03-01T10:00:00.005Z" },
      400,
      'parsing time "2026-03-01T10:00:00.005Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".005Z" as ".000000"',
    ],
  ] as const) {
    it(`is answered with ${code} for a Lease of ${JSON.stringify(spec)}`, async () => {
      const leases = "/apis/coordination.k8s.io/v1/namespaces/shop/leases";
      const answer = await client.post(leases, { metadata: { generateName: "lease-" }, spec });
      expect(answer.code).to.equal(code);
      if (message !== undefined) expect(answer.body["message"]).to.contain(message);
    });
  }

  it("is refused for a Lease that was written since it was read, and taken for the one that was read", async () => {
    const leases = "/apis/coordination.k8s.io/v1/namespaces/shop/leases";
    const { body } = await client.post(leases, { metadata: { name: "own" }, spec: { holderIdentity: "a" } });
    const taken = await client.put(`${leases}/own`, { ...body, spec: { holderIdentity: "b" } });
    expect(taken.code).to.equal(200);
    const late = await client.put(`${leases}/own`, { ...body, spec: { holderIdentity: "c" } });
    expect([late.code, late.body["reason"]]).to.deep.equal([409, "Conflict"]);
  });

  it("is refused, warned of or cleaned of unknown fields, as the client wants", async () => {
    const wrong = { metadata: { name: "w" }, data: {}, datas: {}, metadatas: {} };
    const strict = await client.post(`${CORE}/configmaps?fieldValidation=Strict`, wrong);
    expect(strict.body).to.include({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "datas", unknown field "metadatas"',
    });
    const warned = await client.post(`${CORE}/configmaps`, wrong);
    expect(warned.headers.get("warning")).to.contain('unknown field \\"datas\\"');
    expect(warned.body).to.not.have.property("datas");
    const patch = '{"datas":{}}';
    const patched = await client.mergePatch(`${CORE}/configmaps/w?fieldValidation=Strict`, JSON.parse(patch));
    expect(patched.body).to.include({
      code: 422,
      message: ` "" is invalid: patch: Invalid value: ${JSON.stringify(patch)}: strict decoding error: unknown field "datas"`,
    });
  });

  it("is refused for values of another type", async () => {
    const env = [{ name: "A", value: 1 as unknown as string }];
    const { code, body } = await client.post(DEPLOYMENTS, exampleDeployment({ container: { env } }));
    expect([code, body["message"]]).to.deep.equal([
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
    ]);
  });
});
