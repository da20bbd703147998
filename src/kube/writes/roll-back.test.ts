import { expect } from "chai";
import type { RestoreTemplate } from "../../domain/effects/change.ts";
import { ApiError, ConflictError, ConnectionError } from "../connection/api-error.ts";
import { asList, metaOf } from "../objects.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { type Script, statusBody } from "../testing/scripted-server.ts";
import { rollBack } from "./roll-back.ts";

const deployment = {
  metadata: { name: "checkout", namespace: "shop", uid: "uid-1", generation: 7, annotations: {} },
  spec: { selector: { matchLabels: { app: "checkout", tier: "web" } } },
};
const replicaSet = (name: string, owner: string, isController = true) => ({
  metadata: {
    name,
    ownerReferences: [{ kind: "Deployment", name: "checkout", uid: owner, controller: isController }],
  },
  spec: { template: { metadata: { labels: { "pod-template-hash": name } }, spec: {} } },
});
const change: RestoreTemplate = {
  do: "restoreTemplate",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "uid-1", generation: 7 },
  from: { hash: "bad", revision: 4 },
  to: { hash: "good", revision: 3, source: { kind: "ReplicaSet", name: "good", uid: "uid-of-good" } },
  incident: "checkout-bad",
};

/** How an API server answers a JSON Patch whose test failed, and one whose result is not valid. */
const failedTest = statusBody(
  422,
  "Invalid",
  "the server rejected our request due to an error in our request",
);
const notValid = statusBody(
  422,
  "Invalid",
  'Deployment.apps "checkout" is invalid: spec.template: Required value',
  {
    causes: [{ reason: "FieldValueRequired", field: "spec.template", message: "Required value" }],
  },
);

describe("the rollback", () => {
  let scripted: ScriptedClient;
  afterEach(() => scripted.stop());
  const begin = async (script: Script) => {
    scripted = await startScriptedClient(script);
    return scripted.client;
  };

  describe("rollBack", () => {
    const live = {
      kind: "Deployment",
      workload: deployment,
      sources: [replicaSet("good", "uid-1")],
    } as const;
    const failureOf = async (script: Script) =>
      rollBack(await begin(script), change, live, 0).catch((error: unknown) => error);

    it("sends one JSON Patch and returns what the Deployment is then", async () => {
      const client = await begin((_, answer) => answer.json(200, { metadata: { generation: 8 } }));
      expect(metaOf(await rollBack(client, change, live, 0)).generation).to.equal(8);
      const [request, ...others] = scripted.server.requests;
      expect(others).to.deep.equal([]);
      expect(request).to.include({
        method: "PATCH",
        path: "/apis/apps/v1/namespaces/shop/deployments/checkout",
      });
      expect(asList(request?.body)[0]).to.deep.equal({
        op: "test",
        path: "/metadata/uid",
        value: "uid-1",
      });
    });

    for (const [title, status, body] of [
      ["a test of the patch failed", 422, failedTest],
      ["the API server reports a conflict", 409, statusBody(409, "Conflict", "modified")],
      ["the Deployment is gone", 404, statusBody(404, "NotFound", "gone")],
    ] as const) {
      it(`is a conflict when ${title}`, async () => {
        const error = await failureOf((_, answer) => answer.json(status, body));
        expect(error).to.be.instanceOf(ConflictError);
        expect((error as Error).cause).to.include({ status });
      });
    }

    for (const [title, status, body] of [
      ["the result would not be valid", 422, notValid],
      ["an admission policy forbids it", 403, statusBody(403, "Forbidden", "denied by policy")],
    ] as const) {
      it(`is no conflict when ${title}: looking again would not help`, async () => {
        expect(await failureOf((_, answer) => answer.json(status, body))).to.be.instanceOf(ApiError);
      });
    }

    it("does not send the patch again when its answer was lost", async () => {
      expect(await failureOf((_, answer) => answer.reset())).to.be.instanceOf(ConnectionError);
      expect(scripted.server.requests).to.have.length(1);
    });

    it("sends nothing when the ReplicaSet to restore is gone", async () => {
      const client = await begin((_, answer) => answer.json(200, {}));
      const error: unknown = await rollBack(client, change, { ...live, sources: [] }, 0).catch(
        (e: unknown) => e,
      );
      expect(error).to.be.instanceOf(ConflictError);
      expect(scripted.server.requests).to.deep.equal([]);
    });
  });
});
