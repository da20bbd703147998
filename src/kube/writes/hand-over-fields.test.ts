import { expect } from "chai";
import { ConflictError } from "../connection/api-error.ts";
import { handedOver } from "../field-owners/hand-over.ts";
import type { RawObject } from "../objects.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { type Script, statusBody } from "../testing/scripted-server.ts";
import { handOverFields, OwnersRestoredError } from "./hand-over-fields.ts";

const PATH = "/apis/apps/v1/namespaces/shop/deployments/checkout";
const WORKLOAD = { kind: "Deployment", namespace: "shop", name: "checkout", uid: "uid-1" } as const;

const entry = (manager: string, operation: string, containers: object) => ({
  manager,
  operation,
  apiVersion: "apps/v1",
  fieldsV1: { "f:spec": { "f:template": { "f:spec": { "f:containers": containers } } } },
});
const deployment = (...managedFields: readonly object[]): RawObject => ({
  metadata: { namespace: "shop", name: "checkout", uid: "uid-1", resourceVersion: "41", managedFields },
});
const held = deployment(
  entry("helm", "Apply", { 'k:{"name":"app"}': { ".": {}, "f:name": {} } }),
  entry("rolloutguard", "Update", { 'k:{"name":"app"}': { "f:image": {} } }),
);

describe("handOverFields", () => {
  let scripted: ScriptedClient;
  afterEach(() => scripted.stop());
  const begin = async (script: Script) => {
    scripted = await startScriptedClient(script);
    return scripted.client;
  };

  it("reads the workload, and replaces its managedFields alone, if nobody changed it in between", async () => {
    const client = await begin((request, answer) =>
      answer.json(200, request.method === "GET" ? held : deployment()),
    );
    expect(await handOverFields(client, WORKLOAD)).to.deep.equal(deployment());
    expect(scripted.server.requests.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      `GET ${PATH}`,
      `PATCH ${PATH}`,
    ]);
    expect(scripted.server.requests[1]?.body).to.deep.equal([
      { op: "test", path: "/metadata/uid", value: "uid-1" },
      { op: "test", path: "/metadata/resourceVersion", value: "41" },
      { op: "replace", path: "/metadata/managedFields", value: handedOver(held) },
    ]);
  });

  it("writes nothing where nobody applies the workload server-side, or all is handed over", async () => {
    for (const there of [
      deployment(entry("rolloutguard", "Update", { 'k:{"name":"app"}': { "f:image": {} } })),
      deployment(...(handedOver(held) ?? [])),
    ]) {
      const client = await begin((_, answer) => answer.json(200, there));
      expect(await handOverFields(client, WORKLOAD)).to.deep.equal(there);
      expect(scripted.server.requests).to.have.length(1);
      await scripted.stop();
    }
  });

  it("says so when the patch was accepted and the fields are RolloutGuard's all the same", async () => {
    const client = await begin((_, answer) => answer.json(200, held));
    const error: unknown = await handOverFields(client, WORKLOAD).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(OwnersRestoredError);
  });

  it("is a conflict when the workload was changed in between, or is gone", async () => {
    const failedTest = statusBody(
      422,
      "Invalid",
      "the server rejected our request due to an error in our request",
    );
    const changed = await begin((request, answer) =>
      request.method === "GET" ? answer.json(200, held) : answer.json(422, failedTest),
    );
    expect(await handOverFields(changed, WORKLOAD).catch((e: unknown) => e)).to.be.instanceOf(ConflictError);
    await scripted.stop();
    const gone = await begin((_, answer) => answer.json(404, statusBody(404, "NotFound", "gone")));
    expect(await handOverFields(gone, WORKLOAD).catch((e: unknown) => e)).to.be.instanceOf(ConflictError);
  });
});
