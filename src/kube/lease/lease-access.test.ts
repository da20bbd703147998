import { expect } from "chai";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { type Script, statusBody } from "../testing/scripted-server.ts";
import { createLeaseAccess, type LeaseAccess } from "./lease-access.ts";
import type { LeaseRecord } from "./lease-record.ts";

const AT = Date.UTC(2026, 2, 1);
const RECORD: LeaseRecord = {
  holder: "a",
  durationMs: 15_000,
  acquiredAt: AT,
  renewedAt: AT,
  transitions: 0,
};
const PATH = "/apis/coordination.k8s.io/v1/namespaces/operators/leases";
const FOUND = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "rg", namespace: "operators", resourceVersion: "7", labels: { team: "sre" } },
  spec: { holderIdentity: "b", leaseDurationSeconds: 15, strategy: "OldestEmulationVersion" },
};

describe("the calls about the Lease", () => {
  let scripted: ScriptedClient;

  async function begin(script: Script): Promise<LeaseAccess> {
    scripted = await startScriptedClient(script);
    return createLeaseAccess(scripted.client, { namespace: "operators", name: "rg" });
  }

  afterEach(() => scripted.stop());

  it("know one that is not there", async () => {
    const lease = await begin((_, answer) => answer.json(404, statusBody(404, "NotFound", "not found")));
    expect(await lease.read({})).to.equal(undefined);
  });

  it("make it where there was none", async () => {
    const lease = await begin(({ body }, answer) => answer.json(201, body));
    const written = await lease.write(RECORD, undefined, {});
    expect(written?.record).to.deep.equal(RECORD);
    const [request] = scripted.server.requests;
    expect(request).to.include({ method: "POST", path: PATH });
    expect(request?.body).to.deep.include({ metadata: { namespace: "operators", name: "rg" } });
  });

  it("replace the one that was seen, and leave what others wrote into it", async () => {
    const lease = await begin(({ method, body }, answer) =>
      answer.json(200, method === "GET" ? FOUND : body),
    );
    const seen = await lease.read({});
    expect(seen?.record.holder).to.equal("b");
    await lease.write(RECORD, seen, {});
    const request = scripted.server.requests[1];
    expect(request).to.include({ method: "PUT", path: `${PATH}/rg` });
    expect(request?.body).to.deep.include({ metadata: FOUND.metadata });
    expect(request?.body).to.have.property("spec").that.includes({
      holderIdentity: "a",
      strategy: "OldestEmulationVersion",
    });
  });

  for (const [code, reason] of [
    [409, "Conflict"],
    [409, "AlreadyExists"],
    [404, "NotFound"],
  ] as const) {
    it(`say that it is another by now where the API server answers ${code} ${reason}`, async () => {
      const lease = await begin((_, answer) => answer.json(code, statusBody(code, reason, "no")));
      expect(await lease.write(RECORD, { record: RECORD, object: FOUND }, {})).to.equal(undefined);
    });
  }

  it("reject where the namespace is not there, or access is refused, and try nothing twice", async () => {
    for (const [code, reason] of [
      [404, "NotFound"],
      [403, "Forbidden"],
      [503, "ServiceUnavailable"],
    ] as const) {
      const lease = await begin((_, answer) => answer.json(code, statusBody(code, reason, "no")));
      const rejection = await lease.write(RECORD, undefined, {}).catch((error: unknown) => String(error));
      expect(rejection).to.contain(reason);
      if (code !== 404) expect(await lease.read({}).catch(String)).to.contain(reason);
      expect(scripted.server.requests.length).to.equal(code === 404 ? 1 : 2);
      if (code !== 503) await scripted.stop();
    }
  });
});
