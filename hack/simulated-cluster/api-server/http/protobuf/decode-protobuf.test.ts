import { expect } from "chai";
import { type SimulatedCluster, startSimulatedCluster } from "../../../simulated-cluster.ts";
import { decodeProtobuf } from "./decode-protobuf.ts";

/** A field of bytes, or of a whole number. */
function field(number: number, value: Uint8Array | string | number): Buffer {
  if (typeof value === "number") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

const message = (...fields: Buffer[]) => Buffer.concat(fields);

function body(apiVersion: string, kind: string, raw: Buffer): Buffer {
  return message(
    Buffer.from("k8s\0"),
    field(1, message(field(1, apiVersion), field(2, kind))),
    field(2, raw),
  );
}

describe("decodeProtobuf", () => {
  it("reads texts, numbers, maps, lists, nested and inlined messages by the numbers of the types", () => {
    const labels = field(11, message(field(1, "app"), field(2, "web")));
    const probe = message(
      field(1, message(field(2, message(field(1, "/"), field(2, message(field(1, 0), field(2, 80))))))),
      field(4, 10),
    );
    const container = message(
      field(1, "app"),
      field(2, "web:1"),
      field(11, probe),
      field(3, "a"),
      field(3, "b"),
    );
    const template = message(field(1, message(labels)), field(2, message(field(2, container))));
    const deployment = message(
      field(1, message(field(1, "web"), field(3, ""), labels)),
      field(2, message(field(1, 0), field(3, template))),
    );
    expect(decodeProtobuf(body("apps/v1", "Deployment", deployment))).to.deep.equal({
      kind: "Deployment",
      apiVersion: "apps/v1",
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        replicas: 0,
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              {
                name: "app",
                image: "web:1",
                readinessProbe: { httpGet: { path: "/", port: 80 }, periodSeconds: 10 },
                command: ["a", "b"],
              },
            ],
          },
        },
      },
    });
  });

  it("reads bytes as base64, quantities and times as texts", () => {
    const secret = message(
      field(1, message(field(1, "s"), field(8, message(field(1, 1_700_000_000))))),
      field(2, message(field(1, "key"), field(2, "value"))),
    );
    expect(decodeProtobuf(body("v1", "Secret", secret))).to.deep.include({
      metadata: { name: "s", creationTimestamp: "2023-11-14T22:13:20Z" },
      data: { key: "dmFsdWU=" },
    });
    const quota = message(field(2, message(field(1, message(field(1, "pods"), field(2, field(1, "10")))))));
    expect(decodeProtobuf(body("v1", "ResourceQuota", quota))).to.deep.include({
      spec: { hard: { pods: "10" } },
    });
  });

  it("refuses what is no such message, and kinds that it does not know", () => {
    const cut = body("v1", "Namespace", field(1, field(1, "shop"))).subarray(0, -2);
    expect(() => decodeProtobuf(cut)).to.throw("the body is no protobuf message");
    expect(() => decodeProtobuf(Buffer.from("{}"))).to.throw("does not begin");
    expect(() => decodeProtobuf(body("x.io/v1", "Thing", Buffer.from("")))).to.throw("x.io/v1 Thing as JSON");
  });
});

describe("a body in protobuf", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
  });

  afterEach(() => cluster.stop());

  it("is taken as JSON is, and answered in JSON", async () => {
    const namespace = body("v1", "Namespace", field(1, field(1, "shop")));
    const answer = await fetch(`${cluster.url}/api/v1/namespaces`, {
      method: "POST",
      headers: { "content-type": "application/vnd.kubernetes.protobuf" },
      body: new Uint8Array(namespace),
    });
    expect([answer.status, answer.headers.get("content-type")]).to.deep.equal([201, "application/json"]);
    expect(cluster.store.get("namespaces", "", "shop")).to.have.nested.property("status.phase", "Active");
  });
});
