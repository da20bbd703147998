import { expect } from "chai";
import type { IncidentSpec, IncidentStatus } from "../../api/incident.ts";
import { ApiError, ConflictError } from "../connection/api-error.ts";
import { asObject } from "../objects.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { type Script, statusBody } from "../testing/scripted-server.ts";
import { updateGuardStatus } from "./guard-status-writes.ts";
import { createIncident, deleteIncident, updateIncidentStatus } from "./incident-writes.ts";

const key = { namespace: "shop", name: "checkout-bad" };
const PATH = "/apis/rolloutguard.io/v1alpha1/namespaces/shop/incidents";

function aSpec(guard = "checkout"): IncidentSpec {
  return {
    guard: { name: guard, uid: "g" },
    target: { kind: "Deployment", name: "checkout", uid: "d" },
    failedRevision: { hash: "bad", revision: 4, images: [] },
    action: "Undo",
    reason: "NotReady",
    message: "m",
    findings: [],
    rolloutStartedAt: "2026-03-01T12:00:00Z",
    detectedAt: "2026-03-01T12:00:20Z",
  };
}
const status: IncidentStatus = { phase: "Verifying", message: "m", timeline: [] };

describe("writes to Incidents and guards", () => {
  let scripted: ScriptedClient;
  afterEach(() => scripted.stop());
  const begin = async (script: Script) => {
    scripted = await startScriptedClient(script);
    return scripted.client;
  };
  const sent = () => scripted.server.requests.map(({ method, path }) => `${method} ${path}`);
  const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

  describe("createIncident", () => {
    it("opens it with labels to find it by and without owner, so that it outlives what it tells of", async () => {
      const client = await begin((request, answer) => answer.json(201, request.body));
      expect(await createIncident(client, key, aSpec())).to.deep.equal({
        apiVersion: "rolloutguard.io/v1alpha1",
        kind: "Incident",
        metadata: {
          ...key,
          labels: { "rolloutguard.io/guard": "checkout", "rolloutguard.io/target": "checkout" },
        },
        spec: aSpec(),
      });
      expect(sent()).to.deep.equal([`POST ${PATH}`]);
    });

    it("returns the one that exists already", async () => {
      const client = await begin((request, answer) =>
        request.method === "POST"
          ? answer.json(409, statusBody(409, "AlreadyExists", "exists"))
          : answer.json(200, { spec: { action: "None" } }),
      );
      expect(await createIncident(client, key, aSpec())).to.deep.equal({ spec: { action: "None" } });
      expect(sent()).to.deep.equal([`POST ${PATH}`, `GET ${PATH}/checkout-bad`]);
    });

    it("cuts a name that is too long for a label", async () => {
      const client = await begin((request, answer) => answer.json(201, request.body));
      const long = `${"a".repeat(60)}.-.-b`;
      const created = await createIncident(client, key, aSpec(long));
      const labels = asObject(asObject(created.metadata).labels);
      expect(labels["rolloutguard.io/guard"]).to.equal("a".repeat(60));
    });

    it("passes a refusal on", async () => {
      const client = await begin((_, answer) => answer.json(403, {}));
      expect(await failure(createIncident(client, key, aSpec()))).to.be.instanceOf(ApiError);
    });
  });

  describe("a status", () => {
    it("is written whole through its subresource, onto the object that was decided about", async () => {
      const client = await begin((_, answer) => answer.json(200, {}));
      await updateIncidentStatus(client, key, { uid: "u", resourceVersion: "9" }, status);
      await updateGuardStatus(client, { namespace: "shop", name: "checkout" }, {}, { phase: "Healthy" });
      expect(scripted.server.requests.map(({ path, body }) => ({ path, body }))).to.deep.equal([
        {
          path: `${PATH}/checkout-bad/status`,
          body: [
            { op: "test", path: "/metadata/uid", value: "u" },
            { op: "test", path: "/metadata/resourceVersion", value: "9" },
            { op: "add", path: "/status", value: status },
          ],
        },
        {
          path: "/apis/rolloutguard.io/v1alpha1/namespaces/shop/rolloutguards/checkout/status",
          body: [{ op: "add", path: "/status", value: { phase: "Healthy" } }],
        },
      ]);
    });

    for (const code of [404, 409, 422]) {
      it(`is a conflict when the object is another one or gone (${code})`, async () => {
        const client = await begin((_, answer) => answer.json(code, statusBody(code, "", "")));
        expect(await failure(updateIncidentStatus(client, key, {}, status))).to.be.instanceOf(ConflictError);
      });
    }

    it("is an error when the schema refuses it", async () => {
      const details = { causes: [{ field: "status.phase", message: "Unsupported value" }] };
      const client = await begin((_, answer) =>
        answer.json(422, statusBody(422, "Invalid", "is invalid", details)),
      );
      expect(await failure(updateIncidentStatus(client, key, {}, status))).to.be.instanceOf(ApiError);
    });
  });

  describe("deleteIncident", () => {
    it("deletes the very one, and is content when it is gone already", async () => {
      const answers = [200, 404];
      const client = await begin((_, answer) => answer.json(answers.shift() ?? 500, {}));
      await deleteIncident(client, key, "u");
      await deleteIncident(client, key);
      expect(sent()).to.deep.equal([`DELETE ${PATH}/checkout-bad`, `DELETE ${PATH}/checkout-bad`]);
      expect(asObject(scripted.server.requests[0]?.body).preconditions).to.deep.equal({ uid: "u" });
    });

    it("is a conflict when another one has the name now", async () => {
      const client = await begin((_, answer) => answer.json(409, statusBody(409, "Conflict", "uid")));
      expect(await failure(deleteIncident(client, key, "u"))).to.be.instanceOf(ConflictError);
    });
  });
});
